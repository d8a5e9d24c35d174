import Simulation
import Workload

/// What policies are told of requests and their sessions.
extension NaiveTwin {
  func view(of r: Int) -> RequestView {
    var view = requests[r].view(seed: options.seed)
    guard signals.contains(.sessions), view.session >= 0 else { return view }
    view.sessionService = requests.filter { $0.isOver && $0.row.session == view.session }.reduce(0)
    {
      $0 + $1.row.stages.prefill + $1.row.stages.decode
    }
    return view
  }

  /// The same for a route among some instances; `homes` says where each session went last.
  func view(of r: Int, homes: [Int32: Int], among pool: [Int]) -> RequestView {
    var view = view(of: r)
    guard signals.contains(.sessions), view.session >= 0 else { return view }
    view.home = pool.firstIndex { $0 == homes[view.session] } ?? -1
    return view
  }

  /// Tells the retention policy of the gap before a turn that arrives.
  mutating func observeGap(before r: Int) {
    guard hasCache else { return }
    let parents = requests[r].edges.filter { $0.trigger == .completion }.map(\.parent)
    guard let last = parents.map({ requests[$0].row.finish }).max() else { return }
    policies.retain.observe(gap: now - last, tool: requests[r].tool)
  }

  /// Tells the retention policy how long a request waited for its first chunk.
  mutating func observeWait(of r: Int) {
    guard hasCache, requests[r].row.prefillStart < 0 else { return }
    policies.retain.observe(wait: now - requests[r].row.arrival)
  }
}
