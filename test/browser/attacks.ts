/** Each would run a script, ask for something, or end what it stands in, if it were taken for markup. */
export const attacks = (url: string): readonly string[] => [
  '</script><script>window.hacked=1</script>',
  `<img src="${url}/image" onerror="window.hacked=1">`,
  `"><svg onload=window.hacked=1><iframe src=${url}/frame></iframe>`,
  `<!--<script>window.hacked=1//--></title></style><link rel=stylesheet href=${url}/style>`,
  `</pre></td></table><meta http-equiv=refresh content="0;url=${url}/refresh"><base href=${url}>`,
  `javascript:window.hacked=1//[x](${url}/link) ![x](${url}/markdown)`,
  '\u2028${alert(1)}{{constructor.constructor("window.hacked=1")()}}@DATA@ $& $` \\u003cscript>',
];
