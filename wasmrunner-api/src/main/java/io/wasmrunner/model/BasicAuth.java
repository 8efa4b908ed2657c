package io.wasmrunner.model;

import java.util.List;

/**
 * Login by name and password: RFC 7617.
 *
 * @param realm what the browser shows
 * @param users who is known
 */
public record BasicAuth(String realm, List<User> users) {
  /** Copies the list. */
  public BasicAuth {
    users = List.copyOf(users);
  }

  /**
   * A known user.
   *
   * @param name the name
   * @param hash hash of the password: bcrypt, or {@code $pbkdf2-sha256$i=N$salt$hash}
   */
  public record User(String name, String hash) {
    @Override
    public String toString() {
      return "User[name=" + name + "]";
    }
  }
}
