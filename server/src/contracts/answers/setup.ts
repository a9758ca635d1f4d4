/** A role that lost permissions of the plugin in a start without it, and has not been given them again. */
export interface LostPermissions {
  role: number;
  name: string;
  /** Without the prefix `plugin::mailboxes.` */
  actions: string[];
}

/** Problems of the installation, shown above the list of mailboxes. */
export interface Setup {
  /** No role except Super Admin may send. */
  nobodyMaySend: boolean;
  /** Name of Strapi's e-mail provider if the system mailbox uses one without delivery guarantees; else null. */
  weakProvider: string | null;
  lostPermissions: LostPermissions[];
}
