public import ZCNet

/// How a ``FileMessageStore`` keeps its files, and what it may hold in memory.
public struct FileStoreOptions: Hashable, Sendable {
    /// When a file is full and the next one is begun. Why 64 MiB: quick to check after a crash, and few.
    public var segmentBytesMax = 64 << 20
    /// The most bytes on the disk of a batch that is to be appended. What is stored is read whatever its
    /// size.
    public var batchBytesMax = 16 << 20
    /// The most bytes that are written before they are made durable together; a batch larger than that is
    /// written alone. Why 4 MiB: a few milliseconds of a disk.
    public var groupBytesMax = 4 << 20
    /// The most calls that wait for the store's thread.
    public var pendingMax = 65_536
    /// The most bytes of batches that wait to be stored.
    public var pendingBytesMax = 64 << 20
    /// How many producers' last batches are remembered.
    public var producersMax = 65_536
    /// How far apart the places are that are remembered for reading. Why 64 KiB: 16 bytes of memory for each,
    /// and one read finds a message.
    public var indexSpacingBytes = 64 << 10

    /// The defaults.
    public init() {}

    /// Checks every setting.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("segmentBytesMax", segmentBytesMax, in: 4096...1 << 40)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1024...RecordHeader.recordBytesMax)
        try ConfigurationError.check("groupBytesMax", groupBytesMax, in: 4096...1 << 30)
        try ConfigurationError.check("pendingMax", pendingMax, in: 1...1 << 24)
        try ConfigurationError.check("pendingBytesMax", pendingBytesMax, in: 1...1 << 40)
        try ConfigurationError.check("producersMax", producersMax, in: 1...1 << 24)
        try ConfigurationError.check("indexSpacingBytes", indexSpacingBytes, in: 4096...1 << 30)
    }
}
