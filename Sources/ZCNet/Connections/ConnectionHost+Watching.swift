import ZCLibC

extension ConnectionHost {
    /// What a callback was watched with: readings from before it, as the settings ask for.
    struct Watch {
        fileprivate let coarse: Int64
        fileprivate let exact: MonotonicInstant
    }

    /// Begins to watch a callback. The coarse clock is a load from a page that the kernel shares: good enough
    /// to notice a loop that is held up, cheap enough for every callback.
    @inline(__always)
    func startWatch() -> Watch {
        Watch(
            coarse: watchesSlowness ? Self.coarseNanoseconds() : 0,
            exact: isTraced ? driver.clock.now() : .zero)
    }

    @inline(__always)
    func endWatch(_ watch: Watch, _ slot: LoopOwned<ConnectionSlot>, _ kind: CallbackKind, bytes: Int = 0) {
        if watchesSlowness {
            let took = Self.coarseNanoseconds() - watch.coarse
            if took >= slowCallbackNanoseconds { reportSlow(slot, took) }
        }
        if isTraced { trace(watch, slot, kind, bytes) }
    }

    /// Runs a generation of the jobs of tasks: no connection is named where one is slow, as a task may have
    /// any.
    package func run(_ lane: LoopLane) {
        lane.runGeneration { job in
            let begin = watchesSlowness ? Self.coarseNanoseconds() : 0
            job()
            if !watchesSlowness { return }
            let took = Self.coarseNanoseconds() - begin
            if took >= slowCallbackNanoseconds { reportSlow(nil, took) }
        }
        finishEnding()
    }

    private func reportSlow(_ slot: LoopOwned<ConnectionSlot>?, _ nanoseconds: Int64) {
        metrics.recordSlowCallback(nanoseconds: Int(nanoseconds))
        observer?.callbackWasSlow(slot?[].id, loop: loop.index, took: .nanoseconds(nanoseconds))
    }

    private func trace(_ watch: Watch, _ slot: LoopOwned<ConnectionSlot>, _ kind: CallbackKind, _ bytes: Int)
    {
        let took = driver.clock.now() - watch.exact
        metrics.recordCallback(nanoseconds: Int(took.nanoseconds))
        tracer?.callbackRan(slot[].id, kind, bytes: bytes, took: took)
    }

    @inline(__always)
    private static func coarseNanoseconds() -> Int64 {
        let time = SystemCalls.time(of: CLOCK_MONOTONIC_COARSE)
        return time.seconds * 1_000_000_000 + time.nanoseconds
    }
}
