using DrFunctions.App;
using DrFunctions.Recovery;
using Microsoft.Extensions.Hosting;

try
{
    AppProgram.CreateBuilder(args).Build().Run();
    return 0;
}
catch (RecoveryException exception)
{
    // Settings that cannot be right, found before the host could log.
    await Console.Error.WriteLineAsync($"{exception.Code}: {exception.Message}\n{exception.Hint}");
    return 1;
}
