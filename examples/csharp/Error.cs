// What a user sees of a mistake: the library's whole message, in an exception of .NET.
using System;
using Amazon.CDK;
using CdkSparkEmrServerless;

namespace Example;

internal static class Error
{
    public static void Run()
    {
        const string Expected = "`initialExecutorCapacity.memory` must be 8 to 30 GiB in steps of 1 with 4 vCPU, got: 64 GiB [Test/Spark]";
        var message = "no exception";
        try
        {
            _ = new SparkEmrServerlessRuntime(new Stack(new App(), "Test"), "Spark", new SparkEmrServerlessRuntimeProps
            {
                InitialExecutorCapacity = new InitialCapacity { WorkerCount = 1, Cpu = 4, Memory = Size.Gibibytes(64) }
            });
        }
        catch (Exception error)
        {
            message = error.Message;
        }

        if (!message.Contains(Expected))
        {
            throw new InvalidOperationException($"expected: {Expected}, got: {message}");
        }
    }
}
