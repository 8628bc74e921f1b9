/// Micro-benchmarks by name; without a name, all of them.
let benchmarks: [(name: String, run: () -> Void)] = [
    ("rings", ringBenchmarks), ("pools", poolBenchmarks), ("table", tableBenchmarks),
    ("time", timeBenchmarks), ("websocket", webSocketKernelBenchmarks),
    ("sbe", sbeBenchmarks),
]
let wanted = CommandLine.arguments.dropFirst()
for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) { benchmark.run() }
