/** Names below which anyone can have a host of their own: a wildcard over one allows a stranger's server. */
export const ANYONES: readonly string[] = [
  'amazonaws.com', 'appspot.com', 'azureedge.net', 'azurewebsites.net', 'blob.core.windows.net', 'cloudfront.net', 'co.uk', 'com.au', 'deno.dev',
  'fastly.net', 'firebaseapp.com', 'fly.dev', 'github.io', 'githubusercontent.com', 'gitlab.io', 'googleusercontent.com', 'herokuapp.com', 'netlify.app',
  'ngrok.io', 'ngrok-free.app', 'onrender.com', 'pages.dev', 'r2.dev', 's3.amazonaws.com', 'storage.googleapis.com', 'trycloudflare.com', 'vercel.app',
  'web.app', 'windows.net', 'workers.dev',
];

/** Hosts that keep or pass on what they are sent, also by a stranger's account: what an agent can read can leave through them. */
export const TAKES_UPLOADS: readonly string[] = [
  'api.anthropic.com', 'api.github.com', 'api.openai.com', 'api.telegram.org', 'bitbucket.org', 'codeberg.org', 'crates.io', 'discord.com',
  'generativelanguage.googleapis.com', 'ghcr.io', 'gist.github.com', 'github.com', 'gitlab.com', 'hooks.slack.com', 'huggingface.co', 'pastebin.com',
  'quay.io', 'registry.hub.docker.com', 'registry-1.docker.io', 'registry.npmjs.org', 'slack.com', 'storage.googleapis.com', 'upload.pypi.org',
  'uploads.github.com',
];
