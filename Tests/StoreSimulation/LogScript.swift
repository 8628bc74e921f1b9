import ZCNet
package import ZCDelivery
import ZCNetTesting

/// Batches that can be told apart, and what a log holds as plain values.
package enum LogScript {
    package static func options(_ change: (inout FileStoreOptions) -> Void = { _ in }) -> FileStoreOptions {
        var options = FileStoreOptions()
        options.segmentBytesMax = 4096
        options.batchBytesMax = 16_384
        options.groupBytesMax = 8192
        options.indexSpacingBytes = 4096
        change(&options)
        return options
    }

    /// A batch whose content follows from its number.
    package static func batch(_ number: Int, messages: Int? = nil, bytes: Int? = nil) -> MessageBatch {
        var random = SimulatedRandom(seed: UInt64(number) &* 77)
        let count = messages ?? Int(random.next() % 4) + 1
        var batch = MessageBatch(
            (0..<count).map { _ in
                let length = bytes ?? Int(random.next() % 60)
                return SharedBytes(
                    copying: (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            })
        batch.term = UInt64(number / 50)
        if number % 3 != 0 {
            batch.identity = BatchIdentity(producer: UInt64(number % 5), number: UInt64(number) + 1)
        }
        return batch
    }

    package static func log(
        _ disk: SimulatedDisk, _ options: FileStoreOptions = LogScript.options()
    ) throws -> SegmentLog {
        try SegmentLog("log", options, disk)
    }

    /// Stages and commits; answers the numbers.
    @discardableResult
    package static func append(
        _ batches: [MessageBatch], to log: SegmentLog
    ) throws -> [Range<MessageSequence>] {
        var ranges: [Range<MessageSequence>] = []
        for batch in batches {
            switch try log.stage(batch) {
            case .append(let range), .repeated(let range): ranges.append(range)
            }
        }
        try log.commit()
        return ranges
    }

    /// Every batch of a log, read in small steps, without its position.
    package static func content(of log: SegmentLog) throws(MessageStoreError) -> [MessageBatch] {
        try stored(in: log).map { stored in
            var batch = stored.batch
            batch.position = nil
            return batch
        }
    }

    /// Every batch of a log with its numbers, read in small steps.
    package static func stored(in log: SegmentLog) throws(MessageStoreError) -> [StoredBatch] {
        var batches: [StoredBatch] = []
        var next = log.head.first
        while next < log.head.next {
            let read = try log.read(from: next, limit: ReadLimit(messagesMax: 5, bytesMax: 200))
            guard let last = read.last, read.first?.range.lowerBound == next else { return batches }
            batches += read
            next = last.range.upperBound
        }
        return batches
    }
}
