import ZCNet

/// The file system as a store needs it, so that tests can have writes fail, fall short, and get lost.
///
/// Nothing that is done here is durable before the sync that says so: not a file's bytes or length before
/// ``StoreFile/sync()``, not a name before ``syncFolder(_:)`` of the folder that it stands in.
package protocol StoreFiles: Sendable {
    /// Makes a folder that only this user enters, in one that is there; answers whether it was made, as it
    /// may be there already.
    func makeFolder(_ path: String) throws(SystemError) -> Bool
    /// The names in a folder, in any order.
    func names(in folder: String) throws(SystemError) -> [String]
    /// Opens a file that is there for reading and writing.
    func open(_ path: String) throws(SystemError) -> any StoreFile
    /// Makes an empty file that only this user reads; one that is there is emptied.
    func create(_ path: String) throws(SystemError) -> any StoreFile
    /// Gives a file another name, taking it from the file that has it: at once, or not at all.
    func rename(_ path: String, to newPath: String) throws(SystemError)
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
    /// Makes what was written since the last sync, and the length, durable. When it throws, the system may
    /// take for durable what is not: only what is written again is of concern to the next sync.
    func sync() throws(SystemError)
    /// Sets the length: cuts the file, or adds zeros without taking space for them.
    func truncate(to byteCount: Int) throws(SystemError)
}

extension StoreFile {
    /// Writes all of some bytes.
    func writeAll(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.byteCount {
            done += try write(bytes.extracting(done..<bytes.byteCount), at: offset + done)
        }
    }
}
