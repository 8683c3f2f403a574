/** What stands on a port: how it is spoken to, and who answers. */
export type Service = `${'http' | 'https'}:${'web' | 'npm' | 'pypi' | 'git' | 'model'}` | `tcp:${'echo' | 'nonsense' | 'reset' | 'silent'}`;

export interface Host {
  /** Its addresses, IPv4 or IPv6, on the loopback of the world; default: a public-looking one of its own. */
  readonly at?: readonly string[];
  readonly ports: Readonly<Record<number, Service>>;
  /** Its certificate is by an authority that nobody has heard of. */
  readonly strange?: true;
}
export type Hosts = Readonly<Record<string, Host>>;

/** What the name server says of a name: lists of addresses, one for each question, the last for all that follow. */
export interface Answers {
  readonly A?: readonly (readonly string[])[];
  readonly AAAA?: readonly (readonly string[])[];
}

/** What reached the world. */
export interface Seen {
  /** `A web.example.com`, in order. */
  readonly questions: readonly string[];
  /** `5.5.5.1:443`, in order. */
  readonly connections: readonly string[];
  readonly requests: readonly Request[];
}
export interface Request {
  readonly host: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** To the process of the world; each is answered once, in order. */
export type Order =
  | { readonly kind: 'seen' }
  | { readonly kind: 'forget' }
  | { readonly kind: 'name'; readonly name: string; readonly answers: Answers };

/** What its process is started with. */
export interface Start {
  readonly hosts: readonly (Host & { readonly name: string; readonly at: readonly string[] })[];
  /** Of the machine's resolv.conf. */
  readonly nameServers: readonly string[];
  /** With the certificates, and a place to write to. */
  readonly directory: string;
  /** Of the model (`src/scripted`). */
  readonly script: unknown;
}
