package io.wasmrunner.wasi;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Optional;

/**
 * WASI error numbers in their order, then WasmEdge's for name resolution: the number is the
 * ordinal.
 */
enum Errno {
  SUCCESS,
  TOOBIG,
  ACCES,
  ADDRINUSE,
  ADDRNOTAVAIL,
  AFNOSUPPORT,
  AGAIN,
  ALREADY,
  BADF,
  BADMSG,
  BUSY,
  CANCELED,
  CHILD,
  CONNABORTED,
  CONNREFUSED,
  CONNRESET,
  DEADLK,
  DESTADDRREQ,
  DOM,
  DQUOT,
  EXIST,
  FAULT,
  FBIG,
  HOSTUNREACH,
  IDRM,
  ILSEQ,
  INPROGRESS,
  INTR,
  INVAL,
  IO,
  ISCONN,
  ISDIR,
  LOOP,
  MFILE,
  MLINK,
  MSGSIZE,
  MULTIHOP,
  NAMETOOLONG,
  NETDOWN,
  NETRESET,
  NETUNREACH,
  NFILE,
  NOBUFS,
  NODEV,
  NOENT,
  NOEXEC,
  NOLCK,
  NOLINK,
  NOMEM,
  NOMSG,
  NOPROTOOPT,
  NOSPC,
  NOSYS,
  NOTCONN,
  NOTDIR,
  NOTEMPTY,
  NOTRECOVERABLE,
  NOTSOCK,
  NOTSUP,
  NOTTY,
  NXIO,
  OVERFLOW,
  OWNERDEAD,
  PERM,
  PIPE,
  PROTO,
  PROTONOSUPPORT,
  PROTOTYPE,
  RANGE,
  ROFS,
  SPIPE,
  SRCH,
  STALE,
  TIMEDOUT,
  TXTBSY,
  XDEV,
  NOTCAPABLE,
  AIADDRFAMILY,
  AIAGAIN,
  AIBADFLAG,
  AIFAIL,
  AIFAMILY,
  AIMEMORY,
  AINODATA,
  AINONAME,
  AISERVICE,
  AISOCKTYPE,
  AISYSTEM;

  @SuppressWarnings("ImmutableEnumChecker") // a Throwable is only formally mutable
  private final ErrnoException exception = new ErrnoException(this);

  @SuppressWarnings("EnumOrdinal") // the order is the specification's
  int code() {
    return ordinal();
  }

  /** The one exception that carries this number; it has no stack trace. */
  ErrnoException exception() {
    return exception;
  }

  /** The number for a failed channel operation. NIO tells many apart by the system's text only. */
  static Errno of(IOException e) {
    if (e instanceof FileSystemException file) { // its message begins with a name of the guest's
      return FileErrors.of(file);
    }
    String text = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
    if (e instanceof NetworkDeniedException) {
      return ACCES;
    }
    if (text.contains("too many open files")) {
      return NFILE;
    }
    if (text.contains("permission denied")) {
      return ACCES;
    }
    if (e instanceof BindException) {
      return text.contains("cannot assign") ? ADDRNOTAVAIL : ADDRINUSE;
    }
    if (e instanceof SocketTimeoutException || text.contains("timed out")) {
      return TIMEDOUT;
    }
    if (text.contains("network is unreachable")) {
      return NETUNREACH;
    }
    if (e instanceof NoRouteToHostException || text.contains("no route")) {
      return HOSTUNREACH;
    }
    if (text.contains("cannot assign") || text.contains("can't assign")) {
      return ADDRNOTAVAIL;
    }
    if (e instanceof ConnectException || e instanceof PortUnreachableException) {
      return CONNREFUSED;
    }
    if (text.contains("broken pipe")) {
      return PIPE;
    }
    if (text.contains("reset")) {
      return CONNRESET;
    }
    if (text.contains("aborted")) {
      return CONNABORTED;
    }
    if (text.contains("message too long")) {
      return MSGSIZE;
    }
    if (text.contains("address family not supported") || text.contains("protocol family")) {
      return AFNOSUPPORT;
    }
    if (e instanceof ClosedChannelException) {
      return PIPE;
    }
    if (e instanceof SocketException && text.contains("not connected")) {
      return NOTCONN;
    }
    return FileErrors.ofText(text);
  }

  /** The number for a channel used in the wrong state; empty for a fault of ours. */
  static Optional<Errno> of(RuntimeException e) {
    if (e instanceof NotYetConnectedException) {
      return Optional.of(NOTCONN);
    }
    if (e instanceof AlreadyConnectedException) { // a datagram to someone else
      return Optional.of(ISCONN);
    }
    if (e instanceof AlreadyBoundException) {
      return Optional.of(INVAL);
    }
    if (e instanceof UnsupportedAddressTypeException) {
      return Optional.of(AFNOSUPPORT);
    }
    if (e instanceof UnresolvedAddressException) {
      return Optional.of(HOSTUNREACH);
    }
    if (e instanceof NonReadableChannelException || e instanceof NonWritableChannelException) {
      return Optional.of(BADF);
    }
    if (e instanceof InvalidPathException) { // not representable in the host's encoding
      return Optional.of(ILSEQ);
    }
    return Optional.empty();
  }
}
