import Glibc
import ZCNet

/// What the kernel, and whoever set the process up, say of this machine.
struct Machine {
    /// The kernel's release, such as 6.18.5.
    let release: String
    /// How many processors the process may use.
    let loops: Int
    /// How many processors' time a container may take; nil where nothing limits it.
    let quota: Double?
    /// The machine's memory, or the container's where that is less.
    let memoryBytes: Int?
    let isContainer: Bool
    /// Open descriptors: what the process has, and what it could ask for.
    let descriptors: (now: Int, most: Int)
    /// Why io_uring cannot be had; nil where it can.
    let noURing: String?
    /// A kernel setting by its name in sysctl; nil where this kernel has none.
    let setting: (String) -> [Int]?

    /// Looks at the machine.
    static func here() -> Machine {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let quota = numbers("/sys/fs/cgroup/cpu.max")
        let bound = numbers("/sys/fs/cgroup/memory.max")?.first
        let memory = line("/proc/meminfo").flatMap { numbers(in: $0).first }.map { $0 << 10 }
        return Machine(
            release: line("/proc/sys/kernel/osrelease") ?? "?",
            loops: (try? EventLoopGroup(EventLoopGroup.Configuration()).loops.count) ?? 1,
            quota: quota.flatMap { $0.count == 2 && $0[1] > 0 ? Double($0[0]) / Double($0[1]) : nil },
            memoryBytes: [memory, bound].compactMap { $0 }.min(),
            isContainer: bound != nil || quota?.count == 2,
            descriptors: (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max)),
            noURing: reasonAgainstURing(),
            setting: { name in
                numbers("/proc/sys/" + name.split(separator: ".").joined(separator: "/"))
            })
    }

    /// Asks for a loop on io_uring, which is refused with a reason where there is none.
    private static func reasonAgainstURing() -> String? {
        do {
            _ = try EventLoopGroup(loops: 1, driver: .uring)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// The first line of a file that the kernel makes; nil where there is none.
    static func line(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 512)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.last == "\n" ? String(text.dropLast()) : text
    }

    private static func numbers(_ path: String) -> [Int]? { line(path).map(numbers(in:)) }

    private static func numbers(in text: String) -> [Int] {
        text.split { !$0.isNumber }.compactMap { Int($0) }
    }
}
