using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>One login by SCRAM-SHA-256 (RFC 5802 and 7677), with the server's certificate bound to it where that is known (RFC 5929).</summary>
/// <param name="certificateHash">Null = no channel binding.</param>
/// <param name="serverOffersBinding">The server offers channel binding, which is not used.</param>
internal sealed class Scram(string password, byte[]? certificateHash, bool serverOffersBinding)
{
    public const string Plain = "SCRAM-SHA-256";
    public const string Bound = "SCRAM-SHA-256-PLUS";

    /// <summary>PostgreSQL's default is 4,096 (<c>scram_iterations</c>). So many take about a second of processor time.</summary>
    private const int MostIterations = 2_000_000;

    private readonly string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] serverSignature = [];

    public string Mechanism => certificateHash is null ? Plain : Bound;

    /// <summary>The user's name is that of the startup message; PostgreSQL ignores the one here.</summary>
    public string First => $"{Flag},,{FirstBare}";

    // y: this client could bind, and the server does not offer it; a server that does takes that for an attack.
    private string Flag => certificateHash is not null ? "p=tls-server-end-point" : serverOffersBinding ? "n" : "y";

    private string FirstBare => $"n=*,r={nonce}";

    /// <summary>The answer to the server's first message.</summary>
    /// <exception cref="LoginException">The message is not one of SCRAM.</exception>
    public string Final(string serverFirst)
    {
        var parts = serverFirst.Split(',');
        var (itsNonce, salt, iterations) = (Value(parts, "r="), Value(parts, "s="), Value(parts, "i="));
        if (!itsNonce.StartsWith(nonce, StringComparison.Ordinal) || itsNonce.Length == nonce.Length)
            throw new LoginException("the server's nonce does not begin with the client's");
        if (!int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < 1 or > MostIterations)
            throw new LoginException("the server asks for too many rounds of hashing");
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password.Normalize(NormalizationForm.FormKC), FromBase64(salt), rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        byte[] header = [.. Encoding.UTF8.GetBytes($"{Flag},,"), .. certificateHash ?? []];
        var withoutProof = $"c={Convert.ToBase64String(header)},r={itsNonce}";
        var messages = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), messages);
        serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), messages);
        var proof = clientKey.Zip(signature, (key, sign) => (byte)(key ^ sign)).ToArray();
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>The server proves that it knows the password, too.</summary>
    /// <exception cref="LoginException">It does not.</exception>
    public void Verify(string serverFinal)
    {
        if (!CryptographicOperations.FixedTimeEquals(FromBase64(Value(serverFinal.Split(','), "v=")), serverSignature))
            throw new LoginException("the server does not know the password");
    }

    private static string Value(string[] parts, string name) =>
        System.Array.Find(parts, part => part.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
            ?? throw new LoginException("the message is not one of SCRAM");

    private static byte[] FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : throw new LoginException("the message is not one of SCRAM");
    }
}

/// <summary>A login that cannot be made, or that the server conducts against the protocol.</summary>
internal sealed class LoginException(string message) : IOException(message);

/// <summary>The server asks for the password in a form that others can read; it was not sent.</summary>
internal sealed class UnprotectedPasswordException(string form) : IOException("the server asks for the password in a form that others can read")
{
    /// <summary><c>in clear text</c></summary>
    public string Form => form;
}
