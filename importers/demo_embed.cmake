# Makes ${CMAKE_BINARY_DIR}/generated/demo_files.c from examples/taizhou, so that `litang demo` works from any
# folder. Used twice: included by the root CMakeLists.txt, and run with -P by the command it adds.
if(CMAKE_SCRIPT_MODE_FILE)
    set(body "/* Made by importers/demo_embed.cmake from examples/taizhou. */\n#include \"importers/demo_files.h\"\n\n")
    set(table "")
    set(number 0)
    file(GLOB files ${EXAMPLES}/*.csv ${EXAMPLES}/generator/*.csv)
    foreach(file IN LISTS files)
        file(READ ${file} hex HEX)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
        string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
            "\\1\n" bytes "${bytes}")
        cmake_path(GET file FILENAME name)
        string(APPEND body "static const unsigned char FILE_${number}[] = {\n${bytes}0};\n\n")
        string(APPEND table "    {\"${name}\", FILE_${number}, sizeof FILE_${number} - 1},\n")
        math(EXPR number "${number} + 1")
    endforeach()
    file(WRITE ${OUTPUT}.new "${body}const struct demo_file DEMO_FILES[] = {\n${table}    {NULL, NULL, 0},\n};\n")
    file(RENAME ${OUTPUT}.new ${OUTPUT})
    return()
endif()

function(litang_embed_demo target)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/examples/taizhou/*.csv
        ${CMAKE_SOURCE_DIR}/examples/taizhou/generator/*.csv)
    set(output ${CMAKE_BINARY_DIR}/generated/demo_files.c)
    set(script ${CMAKE_SOURCE_DIR}/importers/demo_embed.cmake)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DEXAMPLES=${CMAKE_SOURCE_DIR}/examples/taizhou -P ${script}
        DEPENDS ${files} ${script} COMMENT "Embedding examples/taizhou" VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
