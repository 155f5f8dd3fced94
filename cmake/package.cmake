# Install and package rules: bin/escudo, share/escudo/content, documents. The program finds its
# content beside itself (core/runtime/content.hpp), so an installed tree may be moved as a whole.
include(GNUInstallDirs)

install(TARGETS escudo RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/content/ DESTINATION ${CMAKE_INSTALL_DATADIR}/escudo/content)
# The manual and the shells' completions are printed by the program itself, from its option table.
set(printed ${CMAKE_BINARY_DIR}/printed)
add_custom_command(OUTPUT ${printed}/escudo.1 ${printed}/bash ${printed}/zsh ${printed}/fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${printed}
  COMMAND escudo man > ${printed}/escudo.1
  COMMAND escudo completion bash > ${printed}/bash
  COMMAND escudo completion zsh > ${printed}/zsh
  COMMAND escudo completion fish > ${printed}/fish
  DEPENDS escudo VERBATIM)
add_custom_target(escudo_printed ALL DEPENDS ${printed}/escudo.1)
install(FILES ${printed}/escudo.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${printed}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME escudo)
install(FILES ${printed}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _escudo)
install(FILES ${printed}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME escudo.fish)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  install(FILES ${CMAKE_SOURCE_DIR}/packaging/escudo-tail.service DESTINATION lib/systemd/system)
endif()
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${CMAKE_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}
        FILES_MATCHING PATTERN "*.md" PATTERN "development.md" EXCLUDE PATTERN "design" EXCLUDE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME escudo)
set(CPACK_PACKAGE_VENDOR "Escudo")
set(CPACK_PACKAGE_CONTACT "Escudo developers <escudo@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Splunk security content, run natively")
set(CPACK_PACKAGE_DESCRIPTION
"Escudo runs Splunk's detections (ESCU, in SPL) over EVTX, Windows event XML and
JSON logs without Splunk. Every finding carries its Risk-Based Alerting score
and the records it comes from.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)   # needs dpkg-shlibdeps, of dpkg-dev
include(CPack)
