const prefix = 'org.apache.kafka.connect.transforms.';

/** What is done to an order of the topic `orders`: five transformations, one of them with a predicate. */
export const fiveTransforms = {
  transforms: 'insert,replace,mask,cast,route',
  'transforms.insert.type': `${prefix}InsertField$Value`,
  'transforms.insert.static.field': 'region',
  'transforms.insert.static.value': 'eu',
  'transforms.replace.type': `${prefix}ReplaceField$Value`,
  'transforms.replace.exclude': 'note',
  'transforms.replace.renames': 'city:town',
  'transforms.mask.type': `${prefix}MaskField$Value`,
  'transforms.mask.fields': 'email,zip',
  'transforms.cast.type': `${prefix}Cast$Value`,
  'transforms.cast.spec': 'id:string,score:int32',
  'transforms.route.type': `${prefix}RegexRouter`,
  'transforms.route.regex': '(.*)',
  'transforms.route.replacement': 'out-$1',
  'transforms.route.predicate': 'orders',
  predicates: 'orders',
  'predicates.orders.type': `${prefix}predicates.TopicNameMatches`,
  'predicates.orders.pattern': 'ord.*',
};
