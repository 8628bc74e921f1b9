import Glibc
import Testing

@testable import ZCNet

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:0:3:0:5:0:7:0", "1:0:3:0:5:0:7:0"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("0:0:1::", "0:0:1::"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::0001", "::1"),
    ])
    func textOfAnAddress(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.-1", "1.2.3.+1", " 1.2.3.4",
        "1.2.3.4 ",
        "0x7f.0.0.1", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
        "12345::", "g::", "::+1", "::-1", "fe80::1%lo", "[::1]", "1.2.3.4::", "1.2.3.4::1", "::1.2.3.4:1",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3",
    ])
    func whatIsNoAddress(text: String) { #expect(IPAddress(text) == nil) }

    @Test func familiesAndLoopback() {
        #expect(IPAddress(10, 1, 2, 3) == IPAddress("10.1.2.3") && IPAddress(10, 1, 2, 3).isV4)
        #expect(IPAddress(v4: 0x0A01_0203) == IPAddress("10.1.2.3"))
        #expect(IPAddress(127, 9, 9, 9).isLoopback && IPAddress.loopbackV6.isLoopback)
        #expect(!IPAddress(128, 0, 0, 1).isLoopback && !IPAddress.anyV6.isLoopback && !IPAddress.anyV6.isV4)
        #expect(IPAddress.anyV4.isV4 && IPAddress.anyV4.description == "0.0.0.0")
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:65535", "[::1]:65535"), ("*:80", "[::]:80"),
        ("localhost:8080", "127.0.0.1:8080"), ("unix:/run/app.sock", "unix:/run/app.sock"),
        ("unix:a", "unix:a"),
        ("[::ffff:1.2.3.4]:5", "1.2.3.4:5"),
    ])
    func textOfASocketAddress(text: String, canonical: String) throws {
        let address = try SocketAddress(parsing: text)
        #expect(address.description == canonical)
        #expect(try SocketAddress(parsing: canonical) == address)
    }

    @Test func partsOfASocketAddress() throws {
        let address = try SocketAddress(parsing: "[::1]:7")
        #expect(address.port == 7 && address.ipAddress == .loopbackV6)
        let unix = SocketAddress.unix(path: "/a")
        #expect(unix.port == nil && unix.ipAddress == nil)
    }

    @Test(arguments: [
        ("", "HOST:PORT, [IPV6]:PORT or unix:PATH", "no colon"),
        ("nope", "HOST:PORT, [IPV6]:PORT or unix:PATH", "no colon"),
        ("host:", "a port of 0 to 65535 after the last colon", "\"\""),
        ("host:65536", "a port of 0 to 65535 after the last colon", "\"65536\""),
        ("host:-1", "a port of 0 to 65535 after the last colon", "\"-1\""),
        ("host:080", "a port of 0 to 65535 after the last colon", "\"080\""),
        ("host:http", "a port of 0 to 65535 after the last colon", "\"http\""),
        ("::1:80", "brackets around an IPv6 address", "none"),
        ("[::1:80", "an IPv6 address between brackets", "\"[::1\""),
        ("::1]:80", "an IPv6 address between brackets", "\"::1]\""),
        ("[]:80", "an IPv6 address between brackets", "\"[]\""),
        ("[127.0.0.1]:80", "an IPv6 address between brackets", "\"[127.0.0.1]\""),
        ("[::1%lo]:80", "an IPv6 address between brackets", "\"[::1%lo]\""),
        (":80", "a numeric address or a host name", "\"\""),
        ("300.1.1.1:80", "a numeric address or a host name", "\"300.1.1.1\""),
        ("a b:80", "a numeric address or a host name", "\"a b\""),
        ("ä:80", "a numeric address or a host name", "\"ä\""),
        ("unix:", "a path of 1 to 107 bytes", "0"),
        ("unix:" + String(repeating: "p", count: 108), "a path of 1 to 107 bytes", "108"),
        ("unix:a\0b", "a path without zero bytes", "one"),
    ])
    func whatIsNoEndpoint(text: String, expected: String, got: String) {
        let error = AddressError(text: text, expected: expected, got: got)
        #expect(throws: error) { try Endpoint(parsing: text) }
        #expect(error.description == "address \"\(text)\": expected \(expected), got \(got)")
    }

    @Test func namesAreEndpointsButNoSocketAddresses() throws {
        #expect(try Endpoint(parsing: "Example-1.test_x:80") == .host("Example-1.test_x", port: 80))
        #expect(try Endpoint(parsing: "localhost:1") == .host("localhost", port: 1))
        #expect(try Endpoint(parsing: "1.2.3.4:5") == .address(.ip(IPAddress(1, 2, 3, 4), port: 5)))
        let error = AddressError(
            text: "example:80", expected: "a numeric address", got: "the name \"example\"")
        #expect(throws: error) { try SocketAddress(parsing: "example:80") }
        let long = String(repeating: "n", count: 254)
        #expect(throws: AddressError.self) { try Endpoint(parsing: "\(long):80") }
    }

    @Test(arguments: [
        "1.2.3.4:5", "[2001:db8::7]:65535", "unix:/tmp/x", "unix:" + String(repeating: "p", count: 107),
    ])
    func theKernelsFormHoldsTheSame(text: String) throws {
        let address = try SocketAddress(parsing: text)
        let back = unsafe address.withKernelAddress { pointer, length in
            var storage = sockaddr_storage()
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            }
            return SocketAddress(kernel: &storage, length: length)
        }
        #expect(back == address)
    }
}
