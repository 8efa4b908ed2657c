package io.wasmrunner.proxy;

/** Why a request cannot be framed without doubt. Each has a counter of its own. */
enum FramingFault {
  LINE_END("a line does not end with CR LF, or a CR stands alone"),
  CONTROL_CHARACTER("a control character"),
  REQUEST_LINE("the request line is not: method, one space, target, one space, HTTP version"),
  METHOD("the method is not a token"),
  UNKNOWN_METHOD(Problem.METHOD_NOT_SUPPORTED, "the method is longer than any known one"),
  VERSION(Problem.VERSION_NOT_SUPPORTED, "the HTTP version is neither 1.0 nor 1.1"),
  LINE_TOO_LONG(Problem.LINE_TOO_LONG, "the request line is too long"),
  HEADER_TOO_LARGE(Problem.HEADERS_TOO_LARGE, "there are too many or too large header fields"),
  FIELD_NAME("the name of a header field is not a token directly followed by a colon"),
  FOLDED_FIELD("a header field begins with white space or continues on a second line"),
  MISLEADING_FIELD("the name of a header field is easily taken for that of a framing field"),
  HOST("the Host field is missing, doubled, malformed, or differs from the request target"),
  CONNECTION("the Connection field names a field that the next hop cannot do without"),
  CONTENT_LENGTH("the Content-Length field is doubled or not a plain number"),
  TRANSFER_ENCODING("the Transfer-Encoding field is not: chunked, once, in HTTP/1.1"),
  TRANSFER_CODING(Problem.TRANSFER_CODING, "the transfer coding is not supported"),
  TWO_LENGTHS("both Content-Length and Transfer-Encoding"),
  CHUNK("the size, extension or end of a chunk is malformed or too long"),
  TRAILER("a trailer field is malformed, or one that must not come after the body"),
  HTTP2_STREAM("an HTTP/2 request comes on a stream that is used up"),
  HTTP2_FLOOD("HTTP/2 frames without end that ask for nothing"),
  UNREADABLE("the decoder cannot read it");

  private final Problem problem;
  private final String what;

  FramingFault(String what) {
    this(Problem.MALFORMED_REQUEST, what);
  }

  FramingFault(Problem problem, String what) {
    this.problem = problem;
    this.what = what;
  }

  Problem problem() {
    return problem;
  }

  /** What is wrong, without a full stop. Nothing of the request is in it. */
  String what() {
    return what;
  }
}
