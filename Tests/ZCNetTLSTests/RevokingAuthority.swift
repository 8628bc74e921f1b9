#if TLS
/// An authority made for these tests that has signed for `a.test` and 127.0.0.1, and has revoked it since;
/// for a hundred years.
enum RevokingAuthority {
    static let root = """
        -----BEGIN CERTIFICATE-----
        MIIBtDCCAVugAwIBAgIUIJGYpopdgly1UWZiEFX3elkI4YwwCgYIKoZIzj0EAwIw
        JzENMAsGA1UECgwEVGVzdDEWMBQGA1UEAwwNUmV2b2tpbmcgUm9vdDAgFw0yNjEx
        MzAwOTMzMjFaGA8yMTI2MTEwNjA5MzMyMVowJzENMAsGA1UECgwEVGVzdDEWMBQG
        A1UEAwwNUmV2b2tpbmcgUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOFD
        ESoYOUgBI9SRj68etQTGjfx/f7IoruA9zLZGL9lMtuHv2vGVs5ZPS0LlGT/K/nPz
        YSRbL8E/dvLcLEL/oHejYzBhMB0GA1UdDgQWBBRumMk3lWrBfQ35Fwo+C5rBB6Px
        mDAfBgNVHSMEGDAWgBRumMk3lWrBfQ35Fwo+C5rBB6PxmDAPBgNVHRMBAf8EBTAD
        AQH/MA4GA1UdDwEB/wQEAwIBhjAKBggqhkjOPQQDAgNHADBEAiAO5rOfgBgV+RjG
        AF7JIfH7eSaRAO0TcUvlLng7aHmSVgIgS54As4zLPPK/nmETAqUKcWBbnVVjndZK
        gSZZ4AizjiQ=
        -----END CERTIFICATE-----
        """
    static let site = """
        -----BEGIN CERTIFICATE-----
        MIIBpTCCAUugAwIBAgICEjQwCgYIKoZIzj0EAwIwJzENMAsGA1UECgwEVGVzdDEW
        MBQGA1UEAwwNUmV2b2tpbmcgUm9vdDAgFw0yNjExMzAwOTMzMjFaGA8yMTI2MTEw
        NjA5MzMyMVowETEPMA0GA1UEAwwGYS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEQ8A0Y4B107rRI+A0Xst9lqg/U4mTmATes2nUCBJZUDkJuNO8Sjp5bytb
        4EWNcnp90NfkhBujrY6iVR3y7OTS8KN7MHkwFwYDVR0RBBAwDoIGYS50ZXN0hwR/
        AAABMBMGA1UdJQQMMAoGCCsGAQUFBwMBMAkGA1UdEwQCMAAwHQYDVR0OBBYEFAij
        xKD7BKK5h9xJT1ZpUb8U/NevMB8GA1UdIwQYMBaAFG6YyTeVasF9DfkXCj4LmsEH
        o/GYMAoGCCqGSM49BAMCA0gAMEUCIF4lHjfrhxpKM5G+cQRNBGUIpQ4UCZVX1jL4
        nvTt8b2TAiEAtKP2FBdg/U5bypMEbRMbEPr+9xL1lx9NhzA8/a/9b+Q=
        -----END CERTIFICATE-----
        """
    static let siteKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3LQWwoUA/vaaSCTK
        siZv0OBSxm+hYhgmJ47gtp4g5nqhRANCAARDwDRjgHXTutEj4DRey32WqD9TiZOY
        BN6zadQIEllQOQm407xKOnlvK1vgRY1yen3Q1+SEG6OtjqJVHfLs5NLw
        -----END PRIVATE KEY-----
        """
    /// What it says of the site, in DER and base64; `good` is what it said before.
    static let revoked = """
        MIIBLwoBAKCCASgwggEkBgkrBgEFBQcwAQEEggEVMIIBETCBuaEpMCcxDTALBgNV\
        BAoMBFRlc3QxFjAUBgNVBAMMDVJldm9raW5nIFJvb3QYDzIwMjYxMTMwMDkzMzIx\
        WjB7MHkwOzAJBgUrDgMCGgUABBQyefAp4iM7wsR+oUS6dw4ooUXwNAQUbpjJN5Vq\
        wX0N+RcKPguawQej8ZgCAhI0oRYYDzIwMjYxMTMwMDAwMDAwWqADCgEBGA8yMDI2\
        MTEzMDA5MzMyMVqgERgPMjEyNjA3MjkwOTMzMjFaMAoGCCqGSM49BAMCA0cAMEQC\
        IA+0lhhH8hFQjgdEuzwIh/pErW4sLSf19BJUz+rm4hULAiAPlJaE4S5fhz2O6XbA\
        qxDzczkmhMZ2PRCV6OWQ/KwD6w==
        """
    static let good = """
        MIIBGAoBAKCCAREwggENBgkrBgEFBQcwAQEEgf8wgfwwgaOhKTAnMQ0wCwYDVQQK\
        DARUZXN0MRYwFAYDVQQDDA1SZXZva2luZyBSb290GA8yMDI2MTEzMDA5MzMyMVow\
        ZTBjMDswCQYFKw4DAhoFAAQUMnnwKeIjO8LEfqFEuncOKKFF8DQEFG6YyTeVasF9\
        DfkXCj4LmsEHo/GYAgISNIAAGA8yMDI2MTEzMDA5MzMyMVqgERgPMjEyNjA3Mjkw\
        OTMzMjFaMAoGCCqGSM49BAMCA0gAMEUCIGGV1Nbft3emJHNVxsH4iuy85fqGf3CI\
        ma5g+dxeZo5kAiEArvaB2lrzZJVuwvIFavuLGgoXCK/mKNKw4iCaLJ2EjT4=
        """
}
#endif
