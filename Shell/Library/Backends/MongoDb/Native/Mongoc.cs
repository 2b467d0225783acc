using System.Runtime.InteropServices;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>
/// The functions of libmongoc and libbson that are called, as their headers declare them. Pointers are opaque. Only <see cref="GuardedDial"/> is
/// called back, and lets no exception cross the border.
/// </summary>
internal static unsafe partial class Mongoc
{
    private const string Driver = MongocLibrary.Driver;
    private const string Bson = MongocLibrary.Bson;

    /// <summary>MONGOC_ERROR_API_VERSION_2: a server's error comes with the server's own code.</summary>
    public const int ErrorApiVersion2 = 2;

    /// <summary>MONGOC_READ_PRIMARY.</summary>
    public const int ReadPrimary = 1;

    [LibraryImport(Driver, EntryPoint = "mongoc_init")]
    public static partial void Init();

    [LibraryImport(Driver, EntryPoint = "mongoc_log_set_handler")]
    public static partial void SetLogHandler(nint handler, nint data);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_new_with_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint UriNew(string text, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_set_option_as_utf8", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetText(nint uri, string option, string value);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_set_option_as_bool", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriSetFlag(nint uri, string option, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_destroy")]
    public static partial void UriDestroy(nint uri);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_new_from_uri_with_error")]
    public static partial nint ClientNew(nint uri, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_set_error_api")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ClientSetErrorApi(nint client, int version);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_set_stream_initiator")]
    public static partial void ClientSetStreamInitiator(nint client, delegate* unmanaged[Cdecl]<nint, Host*, nint, Error*, nint> initiator, nint data);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_default_stream_initiator")]
    public static partial nint DefaultStreamInitiator(nint uri, Host* host, nint client, Error* error);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_get_tls")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriGetTls(nint uri);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_get_option_as_int32", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UriGetNumber(nint uri, string option, int fallback);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_get_option_as_bool", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool UriGetFlag(nint uri, string option, [MarshalAs(UnmanagedType.U1)] bool fallback);

    [LibraryImport(Driver, EntryPoint = "mongoc_uri_get_option_as_utf8", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint UriGetText(nint uri, string option, nint fallback);

    [LibraryImport(Driver, EntryPoint = "mongoc_socket_new")]
    public static partial nint SocketNew(int domain, int type, int protocol);

    [LibraryImport(Driver, EntryPoint = "mongoc_socket_connect")]
    public static partial int SocketConnect(nint socket, byte* address, uint length, long expireAt);

    [LibraryImport(Driver, EntryPoint = "mongoc_socket_errno")]
    public static partial int SocketErrno(nint socket);

    [LibraryImport(Driver, EntryPoint = "mongoc_socket_destroy")]
    public static partial void SocketDestroy(nint socket);

    [LibraryImport(Driver, EntryPoint = "mongoc_stream_socket_new")]
    public static partial nint StreamSocketNew(nint socket);

    [LibraryImport(Driver, EntryPoint = "mongoc_stream_buffered_new")]
    public static partial nint StreamBufferedNew(nint stream, nuint bytes);

    [LibraryImport(Driver, EntryPoint = "mongoc_stream_tls_new_with_hostname", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint StreamTlsNew(nint stream, string host, TlsOptions* options, int isClient);

    [LibraryImport(Driver, EntryPoint = "mongoc_stream_tls_handshake_block", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool StreamTlsHandshake(nint stream, string host, int timeoutMs, Error* error);

    [LibraryImport(Driver, EntryPoint = "mongoc_stream_destroy")]
    public static partial void StreamDestroy(nint stream);

    [LibraryImport(Bson, EntryPoint = "bson_get_monotonic_time")]
    public static partial long MonotonicTime();

    [LibraryImport(Driver, EntryPoint = "mongoc_client_destroy")]
    public static partial void ClientDestroy(nint client);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_command_with_opts", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ClientCommand(nint client, string database, void* command, nint readPreference, void* options, void* reply, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_client_get_collection", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ClientGetCollection(nint client, string database, string collection);

    [LibraryImport(Driver, EntryPoint = "mongoc_collection_destroy")]
    public static partial void CollectionDestroy(nint collection);

    [LibraryImport(Driver, EntryPoint = "mongoc_collection_find_with_opts")]
    public static partial nint CollectionFind(nint collection, void* filter, void* options, nint readPreference);

    [LibraryImport(Driver, EntryPoint = "mongoc_cursor_next")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CursorNext(nint cursor, out nint document);

    [LibraryImport(Driver, EntryPoint = "mongoc_cursor_error_document")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CursorError(nint cursor, out Error error, out nint reply);

    [LibraryImport(Driver, EntryPoint = "mongoc_cursor_destroy")]
    public static partial void CursorDestroy(nint cursor);

    [LibraryImport(Driver, EntryPoint = "mongoc_read_prefs_new")]
    public static partial nint ReadPreferenceNew(int mode);

    [LibraryImport(Driver, EntryPoint = "mongoc_read_prefs_destroy")]
    public static partial void ReadPreferenceDestroy(nint readPreference);

    [LibraryImport(Driver, EntryPoint = "mongoc_collection_create_bulk_operation_with_opts")]
    public static partial nint BulkNew(nint collection, void* options);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_replace_one_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkReplaceOne(nint bulk, void* filter, void* document, void* options, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_update_one_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkUpdateOne(nint bulk, void* filter, void* document, void* options, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_remove_one_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkRemoveOne(nint bulk, void* filter, void* options, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_remove_many_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkRemoveMany(nint bulk, void* filter, void* options, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_execute")]
    public static partial uint BulkExecute(nint bulk, void* reply, out Error error);

    [LibraryImport(Driver, EntryPoint = "mongoc_bulk_operation_destroy")]
    public static partial void BulkDestroy(nint bulk);

    [LibraryImport(Bson, EntryPoint = "bson_init_static")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BsonInitStatic(void* bson, byte* data, nuint length);

    [LibraryImport(Bson, EntryPoint = "bson_init")]
    public static partial void BsonInit(void* bson);

    [LibraryImport(Bson, EntryPoint = "bson_get_data")]
    public static partial byte* BsonData(void* bson);

    [LibraryImport(Bson, EntryPoint = "bson_destroy")]
    public static partial void BsonDestroy(void* bson);

    /// <summary><c>bson_error_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Error
    {
        public uint Domain;
        public uint Code;
        private fixed byte message[504];

        /// <summary>Truncates a text that is too long.</summary>
        public void Set(uint domain, uint code, string text)
        {
            (Domain, Code) = (domain, code);
            fixed (byte* to = message)
            {
                var span = new Span<byte>(to, 504);
                span.Clear();
                System.Text.Encoding.UTF8.TryGetBytes(text, span[..503], out _);
            }
        }

        /// <summary>Up to the first NUL.</summary>
        public readonly string Message
        {
            get
            {
                fixed (byte* text = message)
                    return Marshal.PtrToStringUTF8((nint)text) ?? "";
            }
        }
    }

    /// <summary><c>mongoc_host_list_t</c>, as far as it is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Host
    {
        private readonly nint next;
        private fixed byte host[256];
        private fixed byte hostAndPort[262];
        public ushort Port;

        /// <summary>Up to the first NUL.</summary>
        public readonly string Name
        {
            get
            {
                fixed (byte* text = host)
                    return Marshal.PtrToStringUTF8((nint)text) ?? "";
            }
        }
    }

    /// <summary><c>mongoc_ssl_opt_t</c>; zero = the default.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TlsOptions
    {
        public nint CertificateFile;
        public nint CertificatePassword;
        public nint AuthorityFile;
        public nint AuthorityFolder;
        public nint RevocationFile;
        public byte WeakValidation;
        public byte AllowInvalidHostname;
        public nint Internal;
        private fixed long padding[6];
    }
}
