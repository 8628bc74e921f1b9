/// Views and encoders of messages in Simple Binary Encoding, and what generated code stands on: bytes, and no
/// connection.
@_exported import ZCBytes
