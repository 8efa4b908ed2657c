package io.wasmrunner.model;

/**
 * What openapi.json of a service says, and how strictly it is taken.
 *
 * @param requests what happens to requests that do not fit
 * @param responses what happens to answers that do not fit
 * @param bodies whether bodies are looked at, too
 * @param denyUndocumented whether requests to paths and methods that it does not know are refused
 * @param maxBodyKb larger bodies are not looked at, in KiB
 * @param refuseLarger whether such bodies are refused instead of passed on, where enforced
 * @param document the text of openapi.json
 */
public record ContractPolicy(
    Mode requests,
    Mode responses,
    boolean bodies,
    boolean denyUndocumented,
    int maxBodyKb,
    boolean refuseLarger,
    Document document) {
  /** Size of bodies unless told otherwise. */
  public static final int DEFAULT_MAX_BODY_KB = 1024;

  /** What is done about something that does not fit. */
  public enum Mode {
    /** It is refused. */
    ENFORCE,
    /** It passes, and is reported. */
    REPORT,
    /** Nobody looks. */
    OFF
  }

  /**
   * For a service that has an openapi.json and says nothing about it: what is cheap to see is
   * reported, and everything passes.
   */
  public static ContractPolicy watching(String json) {
    return new ContractPolicy(
        Mode.REPORT, Mode.REPORT, false, false, DEFAULT_MAX_BODY_KB, false, new Document(json));
  }

  /**
   * The text of openapi.json, kept out of logs.
   *
   * @param json the text
   */
  public record Document(String json) {
    @Override
    public String toString() {
      return "Document[" + json.length() + " characters]";
    }
  }
}
