import ZCNet

/// The file system as a store needs it, so that tests can have writes fail, fall short, and get lost.
package protocol StoreFiles: Sendable {
    /// Makes a folder; one that is there is as good.
    func makeFolder(_ path: String) throws(SystemError)
    /// The names in a folder, in any order.
    func names(in folder: String) throws(SystemError) -> [String]
    /// Opens a file for reading and writing, and makes it if it is not there.
    func open(_ path: String) throws(SystemError) -> any StoreFile
    /// Removes a file.
    func remove(_ path: String) throws(SystemError)
    /// Makes the folder's list of names durable.
    func syncFolder(_ path: String) throws(SystemError)
    /// Keeps other processes out until the answer goes away; nil when one is in.
    func lock(_ path: String) throws(SystemError) -> AnyObject?
}

/// An open file. One thread at a time; the last reference closes it.
package protocol StoreFile: AnyObject, Sendable {
    /// How many bytes the file has.
    func byteCount() throws(SystemError) -> Int
    /// Writes from `offset` on and answers how many bytes it took, at least one.
    func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) -> Int
    /// Reads up to `count` bytes from `offset` on into an array; fewer at the end of the file only.
    func read(count: Int, at offset: Int) throws(SystemError) -> [UInt8]
    /// Makes what was written, and the length, durable.
    func sync() throws(SystemError)
    /// Cuts the file.
    func truncate(to byteCount: Int) throws(SystemError)
}
