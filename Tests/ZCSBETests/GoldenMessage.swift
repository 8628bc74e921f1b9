import SBEVectors
import ZCSBE
import ZCSBEServer

/// A message type of the golden vectors, with what the tests do to it behind closures.
struct GoldenMessage: Sendable {
    /// The folder of the vectors and the message's name in the schema.
    let folder: String
    let name: String
    /// The JSON of a message, and how long it was.
    let read: @Sendable ([UInt8]) throws -> (json: String, consumed: Int)
    /// The message, decoded and encoded again.
    let rewrite: @Sendable ([UInt8]) throws -> [UInt8]

    init<Twin: SBEValue>(_ folder: String, _ twin: Twin.Type) where Twin.Block: SBEMessage {
        self.folder = folder
        name = Twin.Block.name.description
        read = { bytes in
            let view = try Twin.Block.decode(bytes.span)
            let length = Twin.Block.Schema.header.size + view.encodedLength
            return (Twin(view).json, length)
        }
        rewrite = { bytes in try Twin(decoding: bytes.span).encoded() }
    }

    static let all: [GoldenMessage] = [
        GoldenMessage("arrays", ArraysVectors.Demo.Value.self),
        GoldenMessage("basic-types", BasicTypesVectors.Message1.Value.self),
        GoldenMessage("basic-types", BasicTypesVectors.Message1WithOffsets.Value.self),
        GoldenMessage("bench-car", BenchCarVectors.Car.Value.self),
        GoldenMessage("block-length", BlockLengthVectors.Message1.Value.self),
        GoldenMessage("block-length", BlockLengthVectors.Message2.Value.self),
        GoldenMessage("block-length", BlockLengthVectors.Message3.Value.self),
        GoldenMessage("block-length", BlockLengthVectors.Message4.Value.self),
        GoldenMessage("car", CarVectors.Car.Value.self),
        GoldenMessage("car-be", CarBeVectors.Car.Value.self),
        GoldenMessage("car-ext", CarExtVectors.Car.Value.self),
        GoldenMessage("composite-elements", CompositeElementsVectors.Msg.Value.self),
        GoldenMessage("composite-header", CompositeHeaderVectors.Barmsg.Value.self),
        GoldenMessage("composite-offsets", CompositeOffsetsVectors.TestMessage1.Value.self),
        GoldenMessage("composite-offsets", CompositeOffsetsVectors.TestMessage2.Value.self),
        GoldenMessage("constant-enum", ConstantEnumVectors.ConstantEnums.Value.self),
        GoldenMessage("constants", ConstantsVectors.ConstantsGalore.Value.self),
        GoldenMessage("embedded-length", EmbeddedLengthVectors.Message1.Value.self),
        GoldenMessage("embedded-length", EmbeddedLengthVectors.Message2.Value.self),
        GoldenMessage("encoding-types", EncodingTypesVectors.Message1.Value.self),
        GoldenMessage("enum-null", EnumNullVectors.EnumMessage.Value.self),
        GoldenMessage("explicit-package", ExplicitPackageVectors.TestMessage.Value.self),
        GoldenMessage("extension", ExtensionVectors.TestMessage1.Value.self),
        GoldenMessage("extension", ExtensionVectors.TestMessage2.Value.self),
        GoldenMessage("group-with-data", GroupWithDataVectors.TestMessage1.Value.self),
        GoldenMessage("group-with-data", GroupWithDataVectors.TestMessage2.Value.self),
        GoldenMessage("group-with-data", GroupWithDataVectors.TestMessage3.Value.self),
        GoldenMessage("group-with-data", GroupWithDataVectors.TestMessage4.Value.self),
        GoldenMessage("nested-group", NestedGroupVectors.Top.Value.self),
        GoldenMessage("spec-examples", SpecExamplesVectors.BusinessMessageReject.Value.self),
        GoldenMessage("spec-examples", SpecExamplesVectors.ExecutionReport.Value.self),
        GoldenMessage("spec-examples", SpecExamplesVectors.NewOrderSingle.Value.self),
        GoldenMessage("trade", TradeVectors.Trade.Value.self),
        GoldenMessage("trade", Trade.Value.self),
        GoldenMessage("var-length", VarLengthVectors.TestMessage1.Value.self),
    ]
}
