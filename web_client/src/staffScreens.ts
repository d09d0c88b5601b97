/** Screens of staff and partners, and of open data, each a chunk of its own. */
export const StaffScreens = {
  recap: async () => (await import('./recap/RecapRoute')).RecapRoute,
  review: async () => (await import('./review/ReviewScreens')).ReviewScreens,
  call: async () => (await import('./call/CallRoute')).CallRoute,
  decision: async () => (await import('./decisions/DecisionRoute')).DecisionRoute,
  cases: async () => (await import('./cases/CasesRoute')).CasesRoute,
  library: async () => (await import('./library/LibraryRoute')).LibraryRoute,
  partner: async () => (await import('./partner/PartnerRoute')).PartnerRoute,
  signIn: async () => (await import('./staff/SignInRoute')).SignInRoute,
  enrol: async () => (await import('./staff/EnrolRoute')).EnrolRoute,
  home: async () => (await import('./staff/HomeRoute')).HomeRoute,
  wall: async () => (await import('./wall/WallRoute')).WallRoute,
  openData: async () => (await import('./catalogue/OpenDataRoute')).OpenDataRoute,
  push: async () => (await import('./push/PushRoute')).PushRoute,
  design: async () => (await import('./design/DesignRoute')).DesignRoute,
  notFound: async () => (await import('./staff/NotFoundRoute')).NotFoundRoute,
} as const;
