extension BufferPool {
    /// One size of buffers and how many of them a pool keeps.
    public struct SizeClass: Sendable, Hashable {
        /// The size of each buffer: a multiple of 64.
        public var bufferBytes: Int
        /// How many unused buffers are kept for reuse; more are freed as they come back.
        public var keptIdleMax: Int
        /// How many buffers are made with the pool. They count as kept, so at most ``keptIdleMax``.
        public var preallocated: Int

        /// Describes a class; checked by ``BufferPool/Configuration/validate()``.
        public init(bufferBytes: Int, keptIdleMax: Int, preallocated: Int = 0) {
            self.bufferBytes = bufferBytes
            self.keptIdleMax = keptIdleMax
            self.preallocated = preallocated
        }
    }

    /// What a pool may use: its classes, and a bound over all of them.
    ///
    /// ```swift
    /// // 32 readers with 100 buffers of 8 KiB each, all made in advance:
    /// let fixed = BufferPool.Configuration(pools: 32, buffersPerPool: 100, bufferBytes: 8192)
    /// ```
    /// What a pool may keep idle is the sum of `keptIdleMax * bufferBytes` over the classes; what may be out
    /// at a time is ``outstandingBytesMax``. Both together bound its memory.
    public struct Configuration: Sendable, Hashable {
        /// The sizes of buffers, smallest first.
        public var classes: [SizeClass]
        /// How many bytes may be out at a time, buffers counted with their whole size.
        public var outstandingBytesMax: Int

        /// The classes of the default: factors of four, from a small message to a large one, each keeping at
        /// most about 2 MiB idle. Nothing is made in advance.
        public static let defaultClasses = [
            SizeClass(bufferBytes: 512, keptIdleMax: 4096),
            SizeClass(bufferBytes: 2 * 1024, keptIdleMax: 1024),
            SizeClass(bufferBytes: 8 * 1024, keptIdleMax: 256),
            SizeClass(bufferBytes: 32 * 1024, keptIdleMax: 64),
            SizeClass(bufferBytes: 128 * 1024, keptIdleMax: 16),
            SizeClass(bufferBytes: 512 * 1024, keptIdleMax: 4),
            SizeClass(bufferBytes: 2 * 1024 * 1024, keptIdleMax: 1),
        ]
        /// The default bound: enough for thousands of half-received messages, well below a server's memory.
        public static let defaultOutstandingBytesMax = 256 * 1024 * 1024

        /// Describes a pool; checked by ``validate()``, which the pool calls.
        public init(
            classes: [SizeClass] = Configuration.defaultClasses,
            outstandingBytesMax: Int = Configuration.defaultOutstandingBytesMax
        ) {
            self.classes = classes
            self.outstandingBytesMax = outstandingBytesMax
        }

        /// One size, a number of pools' worth of buffers made in advance, and no more than these.
        ///
        /// For a server whose memory was planned as "so many readers, so many buffers each, of such a size".
        /// A loop has one pool, so the readers' buffers are put together.
        public init(pools: Int, buffersPerPool: Int, bufferBytes: Int) {
            let (buffers, overflow) = pools.multipliedReportingOverflow(by: buffersPerPool)
            let (bytes, overflowBytes) = buffers.multipliedReportingOverflow(by: bufferBytes)
            // An overflow is kept as a value that validate() refuses.
            let count = overflow ? Int.max : buffers
            classes = [SizeClass(bufferBytes: bufferBytes, keptIdleMax: count, preallocated: count)]
            outstandingBytesMax = overflow || overflowBytes ? Int.max : bytes
        }
    }
}

extension BufferPool.Configuration {
    /// How many classes there may be: the search for the fitting one is a short scan.
    public static let classesMax = 16
    /// The smallest and the largest size of a class.
    public static let bufferBytesLimits = 64...(1 << 30)
    /// How many buffers a class may keep.
    public static let keptIdleLimits = 0...(1 << 24)
    /// How many bytes may be out.
    public static let outstandingBytesLimits = 64...(1 << 46)

    /// Checks every field against its limits, and the classes against each other.
    ///
    /// - Throws: ``BufferPoolError`` that names the first wrong field, its value and its limits.
    public func validate() throws(BufferPoolError) {
        try check("outstandingBytesMax", outstandingBytesMax, Self.outstandingBytesLimits)
        try check("classes.count", classes.count, 1...Self.classesMax)
        var previousBytes = 0
        for (index, sizeClass) in classes.enumerated() {
            let name = "classes[\(index)]"
            let bytesMin = max(Self.bufferBytesLimits.lowerBound, previousBytes + 64)
            let bytesMax = max(Self.bufferBytesLimits.upperBound, bytesMin)
            try check("\(name).bufferBytes", sizeClass.bufferBytes, bytesMin...bytesMax)
            guard sizeClass.bufferBytes <= Self.bufferBytesLimits.upperBound, sizeClass.bufferBytes % 64 == 0
            else {
                throw BufferPoolError(
                    .notAMultipleOf64, field: "\(name).bufferBytes",
                    expected: "a multiple of 64 in \(Self.bufferBytesLimits)",
                    got: "\(sizeClass.bufferBytes)")
            }
            try check("\(name).keptIdleMax", sizeClass.keptIdleMax, Self.keptIdleLimits)
            try check("\(name).preallocated", sizeClass.preallocated, 0...sizeClass.keptIdleMax)
            previousBytes = sizeClass.bufferBytes
        }
    }

    private func check(_ field: String, _ value: Int, _ limits: ClosedRange<Int>) throws(BufferPoolError) {
        guard limits.contains(value) else {
            throw BufferPoolError(.outOfLimits, field: field, expected: "\(limits)", got: "\(value)")
        }
    }
}
