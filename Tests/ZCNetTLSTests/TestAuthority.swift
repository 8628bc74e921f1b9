#if TLS
/// The bytes of base64.
func decoded(_ text: String) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (bits, count, bytes): (UInt32, Int, [UInt8]) = (0, 0, [])
    for character in text.utf8 {
        guard let digit = digits.firstIndex(of: character) else { continue }
        bits = bits << 6 | UInt32(digit)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    return bytes
}

/// An authority made for these tests, trusted by nobody else, and what it has signed; all but `old` are valid
/// for a hundred years.
enum TestAuthority {
    static let root = """
        -----BEGIN CERTIFICATE-----
        MIIBrjCCAVOgAwIBAgIUPrG4omTtc3rCOrBHL5lgwMQKXK4wCgYIKoZIzj0EAwIw
        IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAXDTI2MTEzMDA2
        MDQzN1oYDzIxMjYxMTA2MDYwNDM3WjAjMQ0wCwYDVQQKDARUZXN0MRIwEAYDVQQD
        DAlUZXN0IFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAROe9zAb+SQ8UEl
        gKyAMTOTV8lK6PBeVzpMsACy2WC71kwH6wX6wkA8DOp4qgyDpuVicNh+gJQa3UuO
        K1TBZqfuo2MwYTAdBgNVHQ4EFgQUsER0eG8H3i+ECR/fQjTF8tx97EEwHwYDVR0j
        BBgwFoAUsER0eG8H3i+ECR/fQjTF8tx97EEwDwYDVR0TAQH/BAUwAwEB/zAOBgNV
        HQ8BAf8EBAMCAYYwCgYIKoZIzj0EAwIDSQAwRgIhALVvOSeyjFasogxgRxLT0TTS
        /ZuZlUuvLpKLtS7WlV7LAiEAsa5fR0AtPEp9X/D6BdbC5JSakOuDRTa/MatLbr6N
        9tA=
        -----END CERTIFICATE-----
        """
    /// `a.test`, `www.a.test` and 127.0.0.1.
    static let siteA = """
        -----BEGIN CERTIFICATE-----
        MIIBwjCCAWegAwIBAgIUP2ATxgw7ObioVfMr9L+EeLgjzUQwCgYIKoZIzj0EAwIw
        IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAXDTI2MTEzMDA2
        MDQzN1oYDzIxMjYxMTA2MDYwNDM3WjARMQ8wDQYDVQQDDAZhLnRlc3QwWTATBgcq
        hkjOPQIBBggqhkjOPQMBBwNCAAR2wTHBRmTMKosFLyEYPXnCpdLMOTVbNVrpxtUF
        F8ziUWKUEZ8YOcAWPlms++uzAIGouYleUl0x9Lg14Y9XyomSo4GIMIGFMCMGA1Ud
        EQQcMBqCBmEudGVzdIIKd3d3LmEudGVzdIcEfwAAATATBgNVHSUEDDAKBggrBgEF
        BQcDATAJBgNVHRMEAjAAMB0GA1UdDgQWBBTwmYOGrwXiXoHOXFoTHNtiypKrnzAf
        BgNVHSMEGDAWgBSwRHR4bwfeL4QJH99CNMXy3H3sQTAKBggqhkjOPQQDAgNJADBG
        AiEAiii14DubYEWHOP/uH6kzGJbfvuqn+hgqQZfJebjKy+0CIQC1ERyChLbl3q8C
        c8AIWUAOZd+xq4LxNRNF1n2BsgcQow==
        -----END CERTIFICATE-----
        """
    static let siteAKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFhz27zpUnRpQf8tk
        awUfUEbr0/Me/93Nxn4VpsPBuOOhRANCAAR2wTHBRmTMKosFLyEYPXnCpdLMOTVb
        NVrpxtUFF8ziUWKUEZ8YOcAWPlms++uzAIGouYleUl0x9Lg14Y9XyomS
        -----END PRIVATE KEY-----
        """
    /// `*.b.test`.
    static let siteB = """
        -----BEGIN CERTIFICATE-----
        MIIBrjCCAVWgAwIBAgIUP2ATxgw7ObioVfMr9L+EeLgjzUUwCgYIKoZIzj0EAwIw
        IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAXDTI2MTEzMDA2
        MDQzN1oYDzIxMjYxMTA2MDYwNDM3WjARMQ8wDQYDVQQDDAZiLnRlc3QwWTATBgcq
        hkjOPQIBBggqhkjOPQMBBwNCAAQ2TnS/Dcsl9aNj0c0NkB0GPd/Z/Oy/dzFfokWW
        WM0BS518bp2Fo+nDG67nEpk7bU3NTjGN/y6G9dKIh2NTNzm4o3cwdTATBgNVHREE
        DDAKgggqLmIudGVzdDATBgNVHSUEDDAKBggrBgEFBQcDATAJBgNVHRMEAjAAMB0G
        A1UdDgQWBBQhUokIAdFNJKp0R2py6vgd6f2cdjAfBgNVHSMEGDAWgBSwRHR4bwfe
        L4QJH99CNMXy3H3sQTAKBggqhkjOPQQDAgNHADBEAiAw0mywTw2zyWKqEEaLmpKu
        4z6HNOP944WJ5ifeXwTYrQIgduXUpIg3rziJ3bEcPq2FUryWzW1AWaotjmXBxcZK
        GnM=
        -----END CERTIFICATE-----
        """
    static let siteBKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUwywCU9gqJiP7I6L
        izxuHn80eivRyJMcikVQZ1NZhEWhRANCAAQ2TnS/Dcsl9aNj0c0NkB0GPd/Z/Oy/
        dzFfokWWWM0BS518bp2Fo+nDG67nEpk7bU3NTjGN/y6G9dKIh2NTNzm4
        -----END PRIVATE KEY-----
        """
    /// `O=Example, CN=trader`, with a mailbox and a URI.
    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIB6TCCAZCgAwIBAgIUP2ATxgw7ObioVfMr9L+EeLgjzUYwCgYIKoZIzj0EAwIw
        IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAXDTI2MTEzMDA2
        MDQzN1oYDzIxMjYxMTA2MDYwNDM3WjAjMRAwDgYDVQQKDAdFeGFtcGxlMQ8wDQYD
        VQQDDAZ0cmFkZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQgWlLlnEnbMPLk
        2TqCZYBtgIy1Zv+1RvURKQUDcRgw1vQlPWO63m21yjgrpb2lXb1vYX0wM+3v5D6k
        bXgmv9Vmo4GfMIGcMDoGA1UdEQQzMDGBEnRyYWRlckBleGFtcGxlLm9yZ4Ybc3Bp
        ZmZlOi8vZXhhbXBsZS5vcmcvdHJhZGVyMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAkG
        A1UdEwQCMAAwHQYDVR0OBBYEFBP+kxKWrATWDzV/LkIaRtPH0LvhMB8GA1UdIwQY
        MBaAFLBEdHhvB94vhAkf30I0xfLcfexBMAoGCCqGSM49BAMCA0cAMEQCIC9c9he2
        ZHfcsNcSIqvaJTwF2vfwPRx2aYSLHlPy0jeOAiA4hX/cTYyUpFsUHX0AJXXWuk7E
        UIGcdtLvgmhtbqy/xg==
        -----END CERTIFICATE-----
        """
    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIL7qQ7b0XwdW2kdU
        mEVDn4hMO0AbzXA0dvPocZkeWKGhRANCAAQgWlLlnEnbMPLk2TqCZYBtgIy1Zv+1
        RvURKQUDcRgw1vQlPWO63m21yjgrpb2lXb1vYX0wM+3v5D6kbXgmv9Vm
        -----END PRIVATE KEY-----
        """
    /// `a.test` and 127.0.0.1, in January of 2020.
    static let old = """
        -----BEGIN CERTIFICATE-----
        MIIBkzCCATmgAwIBAgIBdzAKBggqhkjOPQQDAjAjMQ0wCwYDVQQKDARUZXN0MRIw
        EAYDVQQDDAlUZXN0IFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAw
        WjARMQ8wDQYDVQQDDAZhLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQl
        lQlHk9wxEk0JSP1+0E7/CR3O+7o4N/Fx/ax9f4h5MmIsjn3M2cLl2NXxo32D1eOX
        9eens39FPtL5TJcQj93Ao3AwbjAXBgNVHREEEDAOggZhLnRlc3SHBH8AAAEwEwYD
        VR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFNqSGtNgbDP8sLtG4ujxCnMTSkDd
        MB8GA1UdIwQYMBaAFLBEdHhvB94vhAkf30I0xfLcfexBMAoGCCqGSM49BAMCA0gA
        MEUCIC64kLiCWjPKbxqjuxlMQ5W8rFUq1hzKFipuLwmEd1r2AiEAsxD6LFQVhKUN
        wqouWw0gZObB6coJIILZI/Ww/kxXDEc=
        -----END CERTIFICATE-----
        """
    static let oldKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTvglpsbIgq9Hp7p5
        gtXQ4/Xfy8aB/v8wqDv+P1yIufahRANCAAQllQlHk9wxEk0JSP1+0E7/CR3O+7o4
        N/Fx/ax9f4h5MmIsjn3M2cLl2NXxo32D1eOX9eens39FPtL5TJcQj93A
        -----END PRIVATE KEY-----
        """
    /// What a responder of the authority says of `siteA`, in DER and base64.
    static let stapleOfSiteA = """
        MIIDBwoBAKCCAwAwggL8BgkrBgEFBQcwAQEEggLtMIIC6TCB1qElMCMxDTALBgNV\
        BAoMBFRlc3QxEjAQBgNVBAMMCVRlc3QgUm9vdBgPMjAyNjExMzAwNjA0MzdaMHcw\
        dTBNMAkGBSsOAwIaBQAEFLTpdMVj3RBVUZNeY81FBRGa4tdcBBSwRHR4bwfeL4QJ\
        H99CNMXy3H3sQQIUP2ATxgw7ObioVfMr9L+EeLgjzUSAABgPMjAyNjExMzAwNjA0\
        MzdaoBEYDzIxMjYxMTA2MDYwNDM3WqEjMCEwHwYJKwYBBQUHMAECBBIEEM6SktxU\
        NEzrFwUcaO7HnzEwCgYIKoZIzj0EAwIDSAAwRQIhANQBdeWwmZS6u8VlmbVaHLnO\
        wbHjFsDnIuSyu9oAI4X2AiBqn5ulFfeZVsQ2cbmBwOC4fEI6hIWVly8YYHxpCmzm\
        qaCCAbYwggGyMIIBrjCCAVOgAwIBAgIUPrG4omTtc3rCOrBHL5lgwMQKXK4wCgYI\
        KoZIzj0EAwIwIzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJVGVzdCBSb290MCAX\
        DTI2MTEzMDA2MDQzN1oYDzIxMjYxMTA2MDYwNDM3WjAjMQ0wCwYDVQQKDARUZXN0\
        MRIwEAYDVQQDDAlUZXN0IFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARO\
        e9zAb+SQ8UElgKyAMTOTV8lK6PBeVzpMsACy2WC71kwH6wX6wkA8DOp4qgyDpuVi\
        cNh+gJQa3UuOK1TBZqfuo2MwYTAdBgNVHQ4EFgQUsER0eG8H3i+ECR/fQjTF8tx9\
        7EEwHwYDVR0jBBgwFoAUsER0eG8H3i+ECR/fQjTF8tx97EEwDwYDVR0TAQH/BAUw\
        AwEB/zAOBgNVHQ8BAf8EBAMCAYYwCgYIKoZIzj0EAwIDSQAwRgIhALVvOSeyjFas\
        ogxgRxLT0TTS/ZuZlUuvLpKLtS7WlV7LAiEAsa5fR0AtPEp9X/D6BdbC5JSakOuD\
        RTa/MatLbr6N9tA=
        """
}
#endif
