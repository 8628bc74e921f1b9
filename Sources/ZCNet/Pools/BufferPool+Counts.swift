extension BufferPool {
    /// What a pool holds at a moment.
    public struct Counts: Sendable, Hashable {
        /// One class's share.
        public struct Class: Sendable, Hashable {
            /// The size of each buffer.
            public let bufferBytes: Int
            /// Buffers that wait for their next use.
            public let idle: Int
            /// Buffers that are out.
            public let outstanding: Int
            /// Buffers allocated since the pool was made.
            public let made: Int
        }

        /// The classes, in the configuration's order.
        public let classes: [Class]
        /// Buffers that are out, of any size.
        public let outstanding: Int
        /// The bytes of these buffers.
        public let outstandingBytes: Int
        /// Requests larger than the largest class, since the pool was made.
        public let oversize: Int
        /// Requests that were answered with nil, since the pool was made.
        public let refused: Int
    }

    /// What the pool holds now. O(classes); allocates, so it is for telemetry and tests.
    public var counts: Counts {
        // SAFETY: the state lives as long as the pool.
        let classes = unsafe (0..<state.pointee.classCount).map { index in
            let sizeClass = unsafe state.pointee.classes[index]
            return Counts.Class(
                bufferBytes: sizeClass.bufferBytes, idle: sizeClass.idleCount,
                outstanding: sizeClass.outstandingCount, made: sizeClass.madeCount)
        }
        return unsafe Counts(
            classes: classes, outstanding: state.pointee.outstandingCount,
            outstandingBytes: state.pointee.outstandingBytes, oversize: state.pointee.oversizeCount,
            refused: state.pointee.refusedCount)
    }

    /// Frees all idle buffers, after a burst or when memory is scarce. O(idle buffers).
    public func freeIdle() { unsafe BufferPoolState.freeIdle(state) }
}
