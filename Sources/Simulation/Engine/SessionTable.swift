import Workload

/// What the engine knows of a session for policies that ask.
struct SessionState {
  /// Where its latest request was computed, and decoded; −1 before.
  var prefillInstance: Int32 = -1
  var decodeInstance: Int32 = -1
  /// Time that its requests which have left were computed and decoded.
  var service: SimTime = 0
}

/// The sessions that were met, by their numbers in the trace. Looked up, never walked.
struct SessionTable {
  private var states: [Int32: SessionState] = [:]

  /// What is known of a session; of a request that is in none, nothing.
  subscript(session: Int32) -> SessionState {
    session < 0 ? SessionState() : states[session] ?? SessionState()
  }

  mutating func noteRoute(of session: Int32, toPrefill index: Int) {
    if session >= 0 { states[session, default: SessionState()].prefillInstance = Int32(index) }
  }

  mutating func noteRoute(of session: Int32, toDecode index: Int) {
    if session >= 0 { states[session, default: SessionState()].decodeInstance = Int32(index) }
  }

  mutating func addService(_ stages: Stages, to session: Int32) {
    states[session, default: SessionState()].service += stages.prefill + stages.decode
  }
}
