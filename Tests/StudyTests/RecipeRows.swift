@testable import Study

/// Rows and recipes for tests.
enum RecipeRows {
  static let header =
    "mode,model,precision,chip,engine,versions,from,until,prompt_tokens,output_tokens,clients,"
    + "prefill_workers,prefill_chips,prefill_attention_ranks,decode_workers,decode_chips,"
    + "decode_attention_ranks,expert_parallel,drafted_tokens,max_batch,receive_steps,stream_steps,"
    + "wait_steps,step_tokens,source"

  static func book(_ lines: [String]) throws -> RecipeBook {
    let text = ([header] + lines).joined(separator: "\n") + "\n"
    return try RecipeBook(bytes: Array(text.utf8), file: "recipes.csv")
  }

  /// A recipe of pools; `pools` is `workers,chips,ranks` of both, then how experts are shared out.
  static func split(
    versions: String = "",
    days: String = ",",
    clients: String = "64",
    pools: String = "1,4,4,2,8,8,both",
    drafts: Int = 0,
    batch: String = "",
    intervals: String = ",,",
    stepTokens: String = ""
  ) -> String {
    "disaggregated,deepseek-v3,fp8,b200,sglang,\(versions),\(days),1024,1024,\(clients),"
      + "\(pools),\(drafts),\(batch),\(intervals),\(stepTokens),inferencex-config"
  }

  /// A recipe of replicas; `replica` is `chips,ranks,experts`.
  static func whole(
    versions: String = "",
    days: String = ",",
    lengths: String = ",",
    clients: String = "",
    replica: String = ",,",
    drafts: Int = 0,
    intervals: String = ",,",
    stepTokens: String = ""
  ) -> String {
    "aggregated,deepseek-v3,fp8,b200,sglang,\(versions),\(days),\(lengths),\(clients),,,,,"
      + "\(replica),\(drafts),,\(intervals),\(stepTokens),inferencex-config"
  }

  /// A row of DeepSeek-R1 with FP8 weights on B200.
  static func row(_ mode: MeasuredRow.Mode, _ change: (inout MeasuredRow) -> Void) -> MeasuredRow {
    var row = MeasuredRow(
      id: "r",
      line: 2,
      mode: mode,
      model: "deepseek-ai/DeepSeek-R1",
      chip: "b200_sxm",
      engine: "sglang",
      engineVersion: "0.5.8",
      precision: "fp8",
      measuredOn: "2026-02-10",
      promptTokens: 1_024,
      outputTokens: 1_024,
      concurrency: 64,
      replica: ReplicaLabels(),
      prefill: PoolLabels(),
      decode: PoolLabels()
    )
    if mode == .aggregated {
      row.replica = ReplicaLabels(tensor: 8, expertTensor: 8, expert: 1)
    } else {
      row.prefill.replica.tensor = 4
      row.decode.replica.tensor = 8
    }
    change(&row)
    return row
  }

  /// The lines of a book that a row can have been served by; the first recipe stands in line 2.
  static func lines(_ book: RecipeBook, for row: MeasuredRow) -> [Int] {
    book.recipes(for: row, model: "deepseek-v3", chip: "b200", precision: "fp8").map(\.line)
  }
}
