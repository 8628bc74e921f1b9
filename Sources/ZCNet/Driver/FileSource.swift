/// Where the next bytes of a file transfer come from.
package struct FileSource {
    /// An open regular file or a pipe.
    let descriptor: Descriptor
    /// The next byte's position; nil for a pipe.
    let offset: Int64?
    /// At most so many bytes.
    let count: Int
}
