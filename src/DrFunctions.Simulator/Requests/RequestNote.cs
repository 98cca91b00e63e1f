using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Requests;

/// <summary>What the handler of a request tells the log about it.</summary>
internal sealed class RequestNote
{
    /// <summary>The id of the fault that struck.</summary>
    public string? Fault { get; set; }

    /// <summary>Whether the connection is to be closed without an answer.</summary>
    public bool NoAnswer { get; set; }

    /// <summary>Whether the request is not logged here: a probe is, by whoever makes it.</summary>
    public bool Unlogged { get; set; }

    public static RequestNote Of(HttpContext context)
    {
        if (context.Features.Get<RequestNote>() is { } note)
        {
            return note;
        }

        note = new RequestNote();
        context.Features.Set(note);
        return note;
    }
}
