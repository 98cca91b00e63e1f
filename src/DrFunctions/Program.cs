using DrFunctions.App;
using Microsoft.Extensions.Hosting;

AppProgram.CreateBuilder(args).Build().Run();
