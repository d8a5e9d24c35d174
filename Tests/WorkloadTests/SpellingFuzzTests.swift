import Testing
import Workload

/// Spellings of formats that differ from the format's example, damaged: a typed error or a valid
/// trace, never a trap.
@Suite struct `Damaged spellings` {
  private static let spellings: [(name: String, text: String)] = [
    (
      "tracelab",
      #"{"session_id":"a","round_index":0,"model":"m","input_tokens_total":300,"prefix_tokens":0,"#
        + #""newly_append_tokens":300,"output_tokens":9,"reasoning_output_tokens":null,"#
        + #""timing_events":[{"event_type":"user_message","timestamp":"2026-06-01T05:40:20Z"}],"#
        + #""tools":[{"tool_name":"Bash","tool_wall_latency_ms":860}]}"# + "\n"
        + #"{"session_id":"a","round_index":1,"model":"m","input_tokens_total":400,"#
        + #""prefix_tokens":290,"newly_append_tokens":110,"output_tokens":9,"#
        + #""reasoning_output_tokens":4,"timing_events":[{"event_type":"tool_result","timestamp":"#
        + #""2026-06-01T05:40:21.5Z"}],"tools":[]}"# + "\n"
    ),
    (
      "dynamo-agentic",
      #"{"request_id":"r1","session_id":"s1","input_length":600,"output_length":4,"#
        + #""hash_ids":[0,1],"timestamp":5,"branches":["r3"]}"# + "\n"
        + #"{"request_id":"r2","session_id":"s1","input_length":700,"output_length":4,"#
        + #""hash_ids":[0,2],"wait_for":["r1"],"delay":20,"tool_wait_ms":3.5}"# + "\n"
        + #"{"request_id":"r3","session_id":"s2","input_length":9,"output_length":4}"# + "\n"
    ),
    (
      "blis",
      "session_id,round_index,prefix_group,prefix_length,input_tokens,output_tokens,"
        + "arrival_time_us,last_chunk_time_us,deadline_us,status\n"
        + "s,0,g,64,90,9,0,50,900,ok\ns,1,g,32,90,0,100,150,0,timeout\ns,2,,,90,9,200,250,,ok\n"
    ),
    (
      "burstgpt",
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        + "5,a,3,m,9,8,17,API log\n9.5,a,1,m,9,0,9,API log\n20,a,,m,9,8,17,Conversation log\n"
    ),
    (
      "aiperf",
      #"{"session_id":"a","delay":0,"input_length":9,"output_length":1}"# + "\n"
        + #"{"session_id":"a","delay":1.5,"input_length":19,"output_length":2}"# + "\n"
    ),
  ]

  @Test(arguments: 0..<5)
  func `are an error or give valid rows`(index: Int) throws {
    let (name, text) = Self.spellings[index]
    let format = try #require(TraceFormat.named(name))
    let original = Array(text.utf8)
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: UInt64(index))
    var failures = 0
    for round in 0..<1_500 {
      var bytes = original
      for _ in 0...(round % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: place)
        default: bytes[place] ^= 1 << UInt8(random.next() % 8)
        }
      }
      if round % 10 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      let file = TraceFile(
        path: try folder.file("damaged", bytes),
        format: round % 2 == 0 ? format : nil,
        sessionsPerSecond: name == "aiperf" ? 5 : nil,
        failures: round % 4 < 2 ? .keep : .drop
      )
      do throws(TraceError) {
        let trace = try InMemoryTrace(reading: file)
        let found = violations(of: trace)
        #expect(found.isEmpty, "\(found) in \(String(decoding: bytes, as: UTF8.self))")
      } catch {
        #expect(error.kind == .badData && !error.problem.isEmpty)
        failures += 1
      }
    }
    #expect(failures > 300 && failures < 1_500)
  }
}
