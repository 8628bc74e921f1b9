/// A message of a schema. Generated.
///
/// ```swift
/// let car = try Car.decode(bytes)
/// print(car.serialNumber, car.manufacturer.text)
/// ```
public protocol SBEMessage: SBEBlock {
    /// The message's id in the header.
    static var templateID: Int { get }
}
