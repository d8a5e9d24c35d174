public import Simulation

/// Rejects a request while the pool's queues are full: when the waiting requests of all instances
/// number at least `requests` × instances, or their waiting prompt tokens at least `tokens` ×
/// instances. What was sent to an instance since it published is counted as waiting there.
///
/// Source: the per-worker caps on waiting requests and on raw prompt tokens of Dynamo's policy
/// classes, multiplied by the number of workers; https://github.com/ai-dynamo/dynamo, `lib/kv-router`.
/// Departure: Dynamo has no cap unless one is configured. The defaults here are those of two other
/// gateways: 512 waiting requests is the queue of SMG's class Default
/// (https://github.com/lightseekorg/smg), 1,000,000 tokens is the saturation limit of llm-d
/// (https://github.com/llm-d/llm-d-inference-scheduler), which counts tokens in flight instead.
///
/// Parameters: `requests`, per instance, default 512; `tokens`, prompt tokens per instance, default
/// 1,000,000.
///
/// Example: `requests` = 2 and two instances with 3 and 0 waiting requests: 3 < 4, accepted. With 3
/// and 1 the request is rejected, although one of the instances is almost empty.
public struct QueueCap: Admit {
  public static let entry = PolicyEntry.admit(
    "queue-cap",
    "Rejects a request while the pool's queues hold their cap of requests or of tokens.",
    parameters: [
      PolicyParameter(
        "requests",
        unit: "requests per instance",
        default: 512,
        range: 1...1e9,
        summary: "Waiting requests at which the pool is full."
      ),
      PolicyParameter(
        "tokens",
        unit: "prompt tokens per instance",
        default: 1_000_000,
        range: 1...1e12,
        summary: "Prompt tokens not yet computed at which the pool is full."
      ),
    ]
  ) {
    QueueCap(
      requestsPerInstance: $0.integer("requests"),
      tokensPerInstance: $0.integer("tokens")
    )
  }

  let requestsPerInstance: Int
  let tokensPerInstance: Int

  public init(requestsPerInstance: Int, tokensPerInstance: Int) {
    self.requestsPerInstance = requestsPerInstance
    self.tokensPerInstance = tokensPerInstance
  }

  public func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision {
    var (requests, tokens) = (0, 0)
    for position in 0..<pool.count {
      requests += pool.queuedRequests[position] + pool.sentRequests[position]
      tokens += pool.queuedTokens[position] + pool.sentTokens[position]
    }
    if requests >= requestsPerInstance * pool.count {
      return .reject(reason: "the queues hold their cap of requests")
    }
    if tokens >= tokensPerInstance * pool.count {
      return .reject(reason: "the queues hold their cap of prompt tokens")
    }
    return .accept
  }
}
