import Hardware
import Reporting
public import Workload

extension LogCalibration {
  /// The tables, for people.
  public var text: String {
    var fit = TextTable()
    fit.append(["constant", "catalogue", "fitted"])
    for ((constant, before), (_, after)) in zip(start.all, constants.all) {
      fit.append([constant.rawValue, Self.number(constant, before), Self.number(constant, after)])
    }
    var errors = TextTable(leftColumns: 2)
    errors.append(LatencyComparison.head)
    errors.append(["first \(fitted.count) requests, fitted to"])
    LatencyComparison.append(fitErrors, to: &errors)
    errors.append([""])
    errors.append(["other \(heldBack.count) requests, held back"])
    LatencyComparison.append(heldBackErrors, to: &errors)
    return "\(deployment.stack.text), \(replays) replays\n\n" + fit.text + "\n" + errors.text
  }

  private static func number(_ constant: FittedConstant, _ value: Double) -> String {
    LatencyComparison.fixed(constant.inFile(value))
  }

  public var json: JSONValue {
    .object([
      ("log", .string(log.file)),
      ("stack", .string(deployment.stack.text)),
      ("replays", .integer(Int64(replays))),
      (
        "constants",
        .object(constants.all.map { ($0.constant.rawValue, .number($0.constant.inFile($0.value))) })
      ),
      ("fitted", .array(fitErrors.map(\.json))),
      ("held_back", .array(heldBackErrors.map(\.json))),
    ])
  }
}
