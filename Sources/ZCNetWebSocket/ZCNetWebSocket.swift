/// RFC 6455 on ZCNet. Thin for now: the layer re-exports what it stands on.
@_exported import ZCNet
