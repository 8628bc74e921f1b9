/// Where the next bytes of a file transfer come from.
package struct FileSource {
    /// An open regular file or a pipe.
    package let descriptor: Descriptor
    /// The next byte's position; nil for a pipe.
    package let offset: Int64?
    /// At most so many bytes.
    package let count: Int

    package init(descriptor: Descriptor, offset: Int64?, count: Int) {
        self.descriptor = descriptor
        self.offset = offset
        self.count = count
    }
}
