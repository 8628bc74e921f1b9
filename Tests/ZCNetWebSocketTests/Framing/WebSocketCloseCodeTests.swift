import Testing

@testable import ZCNetWebSocket

@Suite struct WebSocketCloseCodeTests {
    /// RFC 6455 7.4.2, as its ranges are written there, over all numbers that two bytes hold.
    @Test func everyNumberIsJudged() {
        let reserved: Set<UInt16> = [1004, 1005, 1006, 1015]
        for number in UInt16.min...UInt16.max {
            let isAssigned = (1000...1015).contains(number) && !reserved.contains(number)
            let isPrivate = number >= 3000 && number < 5000
            let code = WebSocketCloseCode(rawValue: number)
            if code.isSendable != (isAssigned || isPrivate) { Issue.record("\(number)") }
        }
    }

    @Test func theNamedCodesAreTheRegistrys() {
        let named: [(WebSocketCloseCode, UInt16, String)] = [
            (.normalClosure, 1000, "1000 normal closure"), (.goingAway, 1001, "1001 going away"),
            (.protocolError, 1002, "1002 protocol error"), (.unsupportedData, 1003, "1003 unsupported data"),
            (.noStatusReceived, 1005, "1005 no status received"),
            (.abnormalClosure, 1006, "1006 abnormal closure"),
            (.invalidPayload, 1007, "1007 invalid payload"),
            (.policyViolation, 1008, "1008 policy violation"), (.messageTooBig, 1009, "1009 message too big"),
            (.mandatoryExtension, 1010, "1010 mandatory extension"),
            (.internalError, 1011, "1011 internal error"), (.serviceRestart, 1012, "1012 service restart"),
            (.tryAgainLater, 1013, "1013 try again later"), (.badGateway, 1014, "1014 bad gateway"),
            (.tlsHandshake, 1015, "1015 TLS handshake"),
        ]
        for (code, number, text) in named {
            #expect(code.rawValue == number)
            #expect(code.description == text)
        }
        #expect(WebSocketCloseCode(rawValue: 4001).description == "4001")
        #expect(Set(named.map(\.0)).count == named.count)
    }
}
