// A test of a stack, as its author would write it: a bad worker size raises the library's whole message.
package example;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cdksparkemrserverless.InitialCapacity;
import io.github.cdksparkemrserverless.SparkEmrServerlessRuntime;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;

class ErrorTest {
    @Test
    void badWorkerSizeRaisesTheWholeMessage() {
        SparkEmrServerlessRuntime.Builder spark = SparkEmrServerlessRuntime.Builder.create(new Stack(new App(), "Test"), "Spark")
            .initialExecutorCapacity(InitialCapacity.builder().workerCount(1).cpu(4).memory(Size.gibibytes(64)).build());

        RuntimeException error = assertThrows(RuntimeException.class, spark::build);

        // jsii appends the stack trace from JavaScript
        assertTrue(
            error.getMessage().startsWith("`initialExecutorCapacity.memory` must be 8 to 30 GiB in steps of 1 with 4 vCPU, got: 64 GiB [Test/Spark]\n"),
            error::getMessage);
    }
}
