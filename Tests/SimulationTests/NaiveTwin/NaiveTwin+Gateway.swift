import Hardware
import Simulation
import Workload

/// The requests that the gateway holds, and when it looks at them again.
struct TwinGateway {
  var queue: [TwinWaiting] = []
  /// Of the last hold.
  var review = TwinReview.none
  /// What makes the queue due, apart from what instances publish at once.
  var isDue = false
  /// Whether it is due because the review fired.
  var isReviewed = false
}

/// Admission: of arrivals in phase 4a, and of what is held in phase 4b.
extension NaiveTwin {
  var isGatewayDue: Bool {
    guard !gateway.queue.isEmpty else { return false }
    return gateway.isDue || (options.viewLag == 0 && instances.contains(where: \.wakesGatewayNow))
  }

  /// Fires the review in phase 3.
  mutating func fireGatewayReview() {
    guard gateway.review.fire(at: now) else { return }
    gateway.isDue = true
    gateway.isReviewed = true
  }

  /// With a view lag, what was published at a grid point is seen from the next nanosecond on.
  mutating func noticeGridPoints() {
    let entries = instances.indices.filter { instances[$0].role != .decode }
    guard options.viewLag > 0 else { return }
    if entries.contains(where: { lastGridPoint(of: $0, upTo: now - 1) == now - 1 }) {
      gateway.isDue = true
    }
  }

  /// The next instant at which the gateway may have something to do of itself.
  func nextGatewayInstant() -> SimTime {
    var next = gateway.review.instant
    guard options.viewLag > 0, !gateway.queue.isEmpty else { return next }
    for i in instances.indices where instances[i].role != .decode {
      next = min(next, firstGridPoint(of: i, from: now) + 1)
    }
    return next
  }

  mutating func serveGateway() {
    guard isGatewayDue else { return }
    for r in ranked(gateway.queue, by: policies.orderGateway) {
      guard askAdmit(r, heldAhead: 0) else { break }
      let isReleased = !requests[r].isOver
      if isReleased, isAfterStarts { census.count(.releasedByStart) }
      if isReleased, gateway.isReviewed { census.count(.releasedByReview) }
    }
    gateway.isDue = false
    gateway.isReviewed = false
    for i in instances.indices { instances[i].wakesGateway = false }
  }

  /// Asks about an arrival or a held request; returns false if it is held.
  @discardableResult
  mutating func askAdmit(_ r: Int, heldAhead: Int) -> Bool {
    var view = poolView(of: holders(of: r) { $0 != .decode })
    view.heldAhead = heldAhead
    let request = self.view(of: r)
    let decision = policies.admit.admit(request, view)
    if case .hold(let review) = decision {
      gateway.review = TwinReview(review)
      hold(r)
      return false
    }
    if gateway.queue.contains(where: { $0.request == r }) {
      gateway.review = .none
      gateway.queue.removeAll { $0.request == r }
    }
    if case .reject(let reason) = decision {
      reject(r, reason: number(of: reason))
    } else {
      route(r)
    }
    return true
  }

  private mutating func hold(_ r: Int) {
    guard !gateway.queue.contains(where: { $0.request == r }) else { return }
    requests[r].queuedAt = now
    let request = view(of: r)
    let key = policies.orderGateway.key(request, now: now)
    gateway.queue.append(TwinWaiting(request: r, key: key))
    gateway.isDue = true
    census.count(.heldAtArrival)
  }
}

extension TwinInstance {
  /// Whether it computes prompts and has published a change since the gateway queue was served.
  fileprivate var wakesGatewayNow: Bool { role != .decode && wakesGateway }
}
