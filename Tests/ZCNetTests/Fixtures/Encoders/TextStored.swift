// expect: cannot return a ~Escapable result
import SBEVectors
import ZCProto

final class Garage {
    var manufacturer: SBEText?

    func read(_ bytes: RawSpan) throws {
        manufacturer = try BenchCarVectors.Car.decode(bytes).manufacturer
    }
}
