// expect: lifetime-dependent value escapes its scope
import SBEVectors
import ZCProto

nonisolated(unsafe) var kept: SBEView<BenchCarVectors.Car>?

func read(_ bytes: RawSpan) throws {
    kept = try BenchCarVectors.Car.decode(bytes)
}
