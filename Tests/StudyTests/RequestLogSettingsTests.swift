import Hardware
import Study
import Testing

struct RequestLogSettingsTests {
  private static let log = RequestLogFiles.header + "\n0,1000,200,0.5,2\n1,1000,200,1.5,3\n"

  @Test func `settings and metrics lie beside the log`() throws {
    let meta = """
      {"model": "meta-llama/Llama-3.1-8B",
       "engine_kwargs": {"max_num_seqs": 64, "max_num_batched_tokens": 4096, "dtype": "bfloat16",
         "tensor_parallel_size": 2, "max_model_len": null},
       "kv_cache": {"num_gpu_blocks": 101, "block_size": 16},
       "resolved_config": {"scheduler_config": {"async_scheduling": false}}}
      """
    let series = "waiting,t,running,gen_throughput,kv\n0,1,2,30,x\n4,2,3,40.5,y\n"
    let log = try read(meta: meta, series: series)
    #expect(log.settings.model == "meta-llama/Llama-3.1-8B" && log.settings.chips == 2)
    #expect(log.settings.maxSequences == 64 && log.settings.maxBatchedTokens == 4_096)
    #expect(log.settings.schedulesAhead == false)
    let last = LogSample(time: 2, running: 3, waiting: 4, generatedPerSecond: 40.5)
    #expect(log.series.count == 2 && log.series.last == last)
    let deployment = try LogDeployment(of: log, chip: "h100")
    #expect(deployment.model.name == "llama-3.1-8b" && deployment.chips == 2)
    #expect(deployment.maxSequences == 64 && !deployment.schedulesAhead)
    // 1,600 tokens of 100 blocks, less half a block for each of 1,600 ÷ 1,100 requests.
    #expect(deployment.kvTokens == 1_589)
  }

  @Test func `a log alone has the engine's defaults`() throws {
    let log = try RequestLogFiles.with([("log", Self.log.utf8)]) { try RequestLog(path: $0) }
    #expect(log.settings == ServingSettings() && log.series.isEmpty)
    #expect(throws: LogStudyError.noModel(log: log.file)) {
      try LogDeployment(of: log, chip: "h100")
    }
    let deployment = try LogDeployment(of: log, model: "llama-3.1-8b", chip: "h100")
    #expect(deployment.maxSequences == 256 && deployment.maxBatchedTokens == 2_048)
    #expect(deployment.kvTokens == nil && deployment.schedulesAhead)
  }

  @Test(arguments: [
    ("{\"max_num_seqs\": 0}", "max_num_seqs"), ("{\"model\": 7}", "model"),
    (
      "{\"engine_kwargs\": {\"max_num_batched_tokens\": \"8\"}}",
      "engine_kwargs.max_num_batched_tokens"
    ),
    ("{\"kv_cache\": {\"block_size\": 1.5}}", "kv_cache.block_size"),
    ("{\"async_scheduling\": 1}", "async_scheduling"),
  ])
  func `a setting that is none is named`(meta: String, field: String) throws {
    let error = try #require(throws: MeasuredDataError.self) { try read(meta: meta, series: nil) }
    #expect(error.field == field && error.file.hasSuffix("meta.json"))
  }

  @Test(arguments: [
    ("t,running,waiting\n", "gen_throughput", 1),
    ("t,running,waiting,gen_throughput\n1,1,1,1\n1,1,1,1\n", "t", 3),
    ("t,running,waiting,gen_throughput\n1,-1,1,1\n", "running", 2),
    ("t,running,waiting,gen_throughput\n1,1,,1\n", "waiting", 2),
  ])
  func `a metric that is none is named`(series: String, field: String, line: Int) throws {
    let error = try #require(throws: MeasuredDataError.self) {
      try read(meta: "{}", series: series)
    }
    #expect(error.field == field && error.line == line)
  }

  private func read(meta: String, series: String?) throws -> RequestLog {
    var files = [("requests.csv", Array(Self.log.utf8)), ("meta.json", Array(meta.utf8))]
    if let series { files.append(("timeseries.csv", Array(series.utf8))) }
    return try RequestLogFiles.with(files) { try RequestLog(path: $0) }
  }
}
