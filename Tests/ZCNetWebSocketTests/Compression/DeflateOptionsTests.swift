import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct DeflateOptionsTests {
    private func complaint(_ change: (inout DeflateOptions) -> Void) -> String? {
        var options = DeflateOptions()
        change(&options)
        do throws(ConfigurationError) {
            try options.validate()
            return nil
        } catch {
            return error.description
        }
    }

    #if Deflate
    @Test func theDefaultsAreValid() { #expect(complaint { _ in } == nil) }

    @Test func boundsAreNamed() {
        #expect(complaint { $0.level = 0 } == "deflate.level: expected 1...9, got 0")
        #expect(complaint { $0.level = 10 } == "deflate.level: expected 1...9, got 10")
        #expect(complaint { $0.memoryLevel = 0 } == "deflate.memoryLevel: expected 1...9, got 0")
        #expect(
            complaint { $0.serverMaxWindowBits = 8 }
                == "deflate.serverMaxWindowBits: expected 9...15, got 8")
        #expect(
            complaint { $0.clientMaxWindowBits = 16 }
                == "deflate.clientMaxWindowBits: expected 9...15, got 16")
        #expect(
            complaint { $0.minimumBytes = -1 }
                == "deflate.minimumBytes: expected 0...1073741824, got -1")
        #expect(complaint { $0.decompressorBytesMax = -1 }?.hasPrefix("deflate.decompressorBytesMax") == true)
    }

    @Test func boundsThemselvesAreValid() {
        let lowest = complaint {
            ($0.level, $0.memoryLevel, $0.serverMaxWindowBits, $0.clientMaxWindowBits) = (1, 1, 9, 9)
            $0.minimumBytes = 0
        }
        let highest = complaint {
            ($0.level, $0.memoryLevel, $0.serverMaxWindowBits, $0.clientMaxWindowBits) = (9, 9, 15, 15)
            $0.minimumBytes = 1 << 30
        }
        #expect(lowest == nil && highest == nil)
    }
    #else
    @Test func nothingIsValidWithoutTheTrait() {
        #expect(
            complaint { _ in }
                == "deflate: expected a build with the package trait Deflate, got one without it")
    }
    #endif
}
