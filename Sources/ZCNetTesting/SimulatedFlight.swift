import ZCLibC
internal import ZCNet

/// A send under way whose bytes are read where they lie, piece by piece, as a kernel with completions does.
///
/// SAFETY: `@safe` because the driver's contract keeps the bytes in place until they are reported as sent;
/// reading them late is the point, since a sender that moves them is found out by wrong bytes.
@safe
struct SimulatedFlight {
    private var places: [UnsafeRawBufferPointer] = unsafe []
    private var file: FileSource?
    private(set) var remaining: Int

    /// Bytes in memory; the vectors themselves are copied, as they may go with the call.
    init(_ vectors: IOVectors) {
        remaining = vectors.byteCount
        for index in 0..<vectors.count {
            let vector = unsafe vectors.base[index]
            unsafe places.append(UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len))
        }
    }

    /// A range of a file.
    init(_ file: FileSource) {
        self.file = file
        remaining = file.count
    }

    /// Moves up to `limit` bytes on; answers how many, nil when the file has ended too soon.
    mutating func move(upTo limit: Int, to stream: SimulatedStream) -> Int? {
        guard let file else { return moveMemory(upTo: limit, to: stream) }
        guard let count = Self.read(file, upTo: limit, to: stream) else { return nil }
        remaining -= count
        self.file = FileSource(
            descriptor: file.descriptor, offset: file.offset.map { $0 + Int64(count) }, count: remaining)
        return count
    }

    private mutating func moveMemory(upTo limit: Int, to stream: SimulatedStream) -> Int {
        var moved = 0
        while moved < limit, let place = unsafe places.first {
            let count = min(limit - moved, place.count)
            unsafe stream.append(UnsafeRawBufferPointer(rebasing: place[..<count]))
            moved += count
            if count == place.count {
                unsafe places.removeFirst()
            } else {
                unsafe places[0] = UnsafeRawBufferPointer(rebasing: place[count...])
            }
        }
        remaining -= moved
        return moved
    }

    /// Reads from a file, or from a pipe, into a stream; nil at the end of the source.
    static func read(_ file: FileSource, upTo limit: Int, to stream: SimulatedStream) -> Int? {
        let wanted = min(limit, file.count)
        if wanted == 0 { return 0 }
        return unsafe withUnsafeTemporaryAllocation(byteCount: wanted, alignment: 1) { buffer in
            let descriptor = file.descriptor.rawValue
            // SAFETY: the buffer has room for `wanted` bytes.
            let result = retryingInterrupts {
                if let offset = file.offset {
                    return unsafe pread(descriptor, buffer.baseAddress, wanted, off_t(offset))
                }
                return unsafe ZCLibC.read(descriptor, buffer.baseAddress, wanted)
            }
            guard case .success(let count) = result, count > 0 else { return nil }
            unsafe stream.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count
        }
    }
}
