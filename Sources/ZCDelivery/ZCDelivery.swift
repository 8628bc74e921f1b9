/// What lies between accepting a message and knowing that it arrived: queue, store, acknowledgements and
/// retries.
@_exported import ZCNet
