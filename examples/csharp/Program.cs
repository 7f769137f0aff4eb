// Runs the program that the first argument names, the minimal one by default.
using System;
using Example;

var program = args.Length > 0 ? args[0] : "minimal";
switch (program)
{
    case "minimal":
        Minimal.Run();
        break;
    case "everything":
        Everything.Run();
        break;
    case "pipeline":
        Pipeline.Run();
        break;
    case "error":
        Error.Run();
        break;
    default:
        throw new ArgumentException($"The program must be minimal, everything, pipeline or error, got: {program}");
}
