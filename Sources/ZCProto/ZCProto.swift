/// Codecs and sessions for application protocols. Thin for now: the layer re-exports what it stands on.
@_exported import ZCNet
