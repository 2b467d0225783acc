using System.Buffers.Binary;
using System.Text;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>
/// The login between a driver and a server, until the server has accepted it or refused it. A login by SCRAM is made here, because only this
/// side knows the server's certificate; the driver makes every other one.
/// </summary>
/// <param name="Password">None = the server must not ask for one.</param>
/// <param name="ProtectsPassword">Send the password in clear text or as MD5 over TLS only.</param>
internal sealed record Login(Option<SecretText> Password, ChannelBinding Binding, bool ProtectsPassword, ServerConnections Bounds)
{
    // PostgreSQL manual, "Message Formats": AuthenticationOk and so on.
    private const int Ok = 0, ClearText = 3, Md5 = 5, Sasl = 10, SaslContinue = 11, SaslFinal = 12;
    private const byte PasswordMessage = (byte)'p', ErrorResponse = (byte)'E';

    /// <summary>Passes the login on; afterwards the server's bytes are passed on as they come.</summary>
    public async Task RunAsync(Stream driver, ServerConnection server, CancellationToken cancel)
    {
        try
        {
            await ConductAsync(driver, server, cancel);
        }
        catch (LoginRefusedException refused)
        {
            await driver.WriteAsync(refused.Error.Bytes, cancel);
        }
    }

    private async Task ConductAsync(Stream driver, ServerConnection server, CancellationToken cancel)
    {
        var isBound = false;
        while (true)
        {
            var frame = await Frames.ReadAsync(server.Stream, Bounds, cancel);
            switch (Code(frame))
            {
                case Sasl:
                    isBound = await ScramAsync(frame, server, cancel);
                    continue;
                case Ok or ClearText or Md5 when Binding == ChannelBinding.Require && !isBound:
                    throw new LoginException("channel_binding is require, and the server does not bind the login to its certificate");
                case ClearText or Md5 when ProtectsPassword && !server.IsSecured:
                    throw new UnprotectedPasswordException(Code(frame) == Md5 ? "as an MD5 hash" : "in clear text");
            }

            await driver.WriteAsync(frame.Bytes, cancel);
            if (frame.Type == ErrorResponse || Code(frame) == Ok)
                return;
            if (Code(frame) is not null)
                await server.Stream.WriteAsync(await ReadDriverAsync(driver, cancel), cancel);
        }
    }

    /// <summary>True = the login is bound to the server's certificate.</summary>
    private async Task<bool> ScramAsync(Frame offer, ServerConnection server, CancellationToken cancel)
    {
        var offered = Encoding.UTF8.GetString(offer.Body.Span[4..]).Split('\0');
        var offersBinding = offered.Contains(Scram.Bound);
        var hash = offersBinding && Binding != ChannelBinding.Disable ? server.EndPointHash() : null;
        if (hash is null && (Binding == ChannelBinding.Require || !offered.Contains(Scram.Plain)))
            throw new LoginException("no authentication of the server is possible with this connection string");
        if (offersBinding && !server.IsSecured)
            throw new LoginException("the server offers channel binding without TLS: something between has taken the TLS away");
        var scram = new Scram(
            Password.Match(it => it.Reveal(), () => throw new LoginException("the server asks for a password")), hash, offersBinding);

        var first = Encoding.UTF8.GetBytes(scram.First);
        byte[] body = [.. Encoding.UTF8.GetBytes(scram.Mechanism), 0, .. Length(first), .. first];
        await server.Stream.WriteAsync(Frames.Message(PasswordMessage, body), cancel);
        var final = scram.Final(await AnswerAsync(server, SaslContinue, cancel));
        await server.Stream.WriteAsync(Frames.Message(PasswordMessage, Encoding.UTF8.GetBytes(final)), cancel);
        scram.Verify(await AnswerAsync(server, SaslFinal, cancel));
        return hash is not null;
    }

    private async Task<string> AnswerAsync(ServerConnection server, int expected, CancellationToken cancel)
    {
        while (true)
        {
            var frame = await Frames.ReadAsync(server.Stream, Bounds, cancel);
            if (Code(frame) == expected)
                return Encoding.UTF8.GetString(frame.Body.Span[4..]);
            if (frame.Type == ErrorResponse)
                throw new LoginRefusedException(frame);
            if (frame.Type != Frame.Notice)
                throw new LoginException("the message is not one of SCRAM");
        }
    }

    private static async Task<byte[]> ReadDriverAsync(Stream driver, CancellationToken cancel)
    {
        var header = new byte[Frame.HeaderBytes];
        await driver.ReadExactlyAsync(header, cancel);
        var message = new byte[Frames.Length(header)];
        header.CopyTo(message, 0);
        await driver.ReadExactlyAsync(message.AsMemory(Frame.HeaderBytes), cancel);
        return message;
    }

    /// <summary>Null = the message does not belong to the authentication.</summary>
    private static int? Code(Frame frame) =>
        frame.Type == Frame.Authentication && frame.Body.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(frame.Body.Span) : null;

    private static byte[] Length(byte[] of)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, of.Length);
        return bytes;
    }
}

/// <summary>The server refuses the login in the middle of it; the driver reads why.</summary>
internal sealed class LoginRefusedException(Frame error) : IOException("the server refuses the login")
{
    public Frame Error => error;
}
